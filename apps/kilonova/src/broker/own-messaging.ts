import { agentUser, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import type { ServicePlan } from '../up/service-plan.js';
import type { BrokerLogin } from './broker-names.js';

/**
 * The messaging section of a service on a broker that knows it by a name of its own. An agent process with several hosts
 * gets the name of its cell's conductors: the broker vouches for one host a name.
 */
export function ownMessaging({ config }: ServicePlan, login: BrokerLogin): ServicePlan['config'] {
  const { agent, cell, messaging } = config;
  if (messaging === undefined) return {};
  if (agent !== undefined) {
    const [hosts, name] = [agent['hosts'] as readonly string[], agent['cell'] as string];
    const [host = ''] = hosts;
    if (hosts.length > 1) return { messaging: { url: login(conductorUser(name), name) } };
    return { messaging: { url: login(agentUser(host), name), topology: 'prepared' } };
  }
  if (cell === undefined) return { messaging: { url: login(CONTROLLER_USER, 'api') } };
  const name = cell['name'] as string;
  return { messaging: { url: login(conductorUser(name), name) } };
}
