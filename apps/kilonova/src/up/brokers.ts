import { ManagementApi } from '@kilonova/local-servers';
import { CONTROLLER_USER } from '@kilonova/messaging';
import { brokerDefinitions, brokerSecret, ownServices, vhostOf } from '../broker/index.js';
import type { CloudLayout } from './cloud-layout.js';
import type { Progress } from './progress.js';
import type { ServicePlan } from './service-plan.js';
import type { UpOptions } from './up-options.js';

const managementOf = (amqp: URL, given: string | undefined): string => {
  if (given !== undefined) return given;
  const login = `${amqp.username || 'guest'}:${amqp.password || 'guest'}`;
  return `http://${login}@${amqp.hostname}:15672`;
};

/** The brokers of a cloud: where they are, who may do what there, and how each service logs in. */
export interface Brokers {
  /** The URL with which the API level enters its own virtual host (`api`) or a cell's. */
  readonly url: (name: string) => string;
  /** Makes users, rights and queues, where they can be made. */
  readonly prepare: (layout: CloudLayout) => Promise<void>;
  /** A service with the broker user that it has for itself, where it has one: an agent with one for each of its hosts. */
  readonly own: (plan: ServicePlan) => readonly ServicePlan[];
}

const shared = (url: Brokers['url']): Brokers => ({ url, prepare: () => Promise.resolve(), own: (plan) => [plan] });

/**
 * Through the management API the API level and each cell get a virtual host, and every service a user with the rights that it
 * has in containers. Where that is not to be had all share the given user and virtual host, in which their queues are told
 * apart by name, and nothing holds an agent to its own host.
 * @param secret the passwords of the cloud, made when they are asked for
 */
export async function openBrokers(options: UpOptions, secret: (name: string) => string, progress: Progress): Promise<Brokers> {
  if (options.amqp === undefined) return shared((name) => `memory://${name}`);
  const amqp = new URL(options.amqp);
  const management = new ManagementApi(managementOf(amqp, options.amqpManagement), 3_000);
  if (!(await management.ready())) {
    progress.note('the management API does not answer: all cells share one virtual host, and all services one broker user');
    return shared(() => amqp.href);
  }
  const login = (user: string, name: string): string => {
    const url = new URL(amqp.href);
    Object.assign(url, { username: user, password: secret(brokerSecret(user)), pathname: `/${vhostOf(name)}` });
    return url.href;
  };
  return {
    url: (name) => login(CONTROLLER_USER, name),
    prepare: (layout) => management.loadDefinitions(brokerDefinitions(layout, secret)),
    own: (plan) => ownServices(plan, login),
  };
}
