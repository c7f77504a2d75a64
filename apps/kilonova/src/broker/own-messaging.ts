import { agentUser, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import type { ServicePlan } from '../up/service-plan.js';
import type { BrokerLogin } from './broker-names.js';

/**
 * A service on a broker that knows each by a name of its own. The broker vouches for one host a name, so an agent of several
 * hosts becomes one for each, in the same process.
 */
export function ownServices(plan: ServicePlan, login: BrokerLogin): readonly ServicePlan[] {
  const hosts = hostsOf(plan);
  const plans = hosts.length > 1 ? hosts.map((host) => ofHost(plan, host)) : [plan];
  return plans.map((own) => ({ ...own, config: { ...own.config, ...ownMessaging(own, login) } }));
}

const hostsOf = ({ config: { agent } }: ServicePlan): readonly string[] => (agent?.['hosts'] ?? []) as readonly string[];

const ofHost = (plan: ServicePlan, host: string): ServicePlan => ({
  ...plan,
  name: `${plan.name}-${host}`,
  process: plan.name,
  config: { ...plan.config, agent: { ...plan.config['agent'], hosts: [host] } },
});

/** The messaging section of a service that serves one host at most. */
export function ownMessaging(plan: ServicePlan, login: BrokerLogin): ServicePlan['config'] {
  const { agent, cell, messaging } = plan.config;
  if (messaging === undefined) return {};
  if (agent !== undefined) {
    const [host = ''] = hostsOf(plan);
    return { messaging: { url: login(agentUser(host), agent['cell'] as string), topology: 'prepared' } };
  }
  if (cell === undefined) return { messaging: { url: login(CONTROLLER_USER, 'api') } };
  const name = cell['name'] as string;
  return { messaging: { url: login(conductorUser(name), name) } };
}
