import { ManagementApi } from '@kilonova/local-servers';
import type { Progress } from './progress.js';
import type { UpOptions } from './up-options.js';

const VHOST = (name: string): string => `kilonova_${name}`;

const managementOf = (amqp: URL, given: string | undefined): string => {
  if (given !== undefined) return given;
  const login = `${amqp.username || 'guest'}:${amqp.password || 'guest'}`;
  return `http://${login}@${amqp.hostname}:15672`;
};

/**
 * Where the API level and each cell have their broker: a virtual host each, made through the management API. Where that
 * is not to be had they share the given virtual host, in which their queues are told apart by name.
 */
export async function brokerAddresses(options: UpOptions, progress: Progress): Promise<(name: string) => string> {
  if (options.amqp === undefined) return (name) => `memory://${name}`;
  const amqp = new URL(options.amqp);
  const management = new ManagementApi(managementOf(amqp, options.amqpManagement), 3_000);
  if (!(await management.ready())) {
    progress.note('the management API does not answer: all cells share one virtual host');
    return () => amqp.href;
  }
  const names = ['api', ...Array.from({ length: options.cells }, (_, index) => `cell${index + 1}`)];
  for (const name of names) await management.addVhost(VHOST(name));
  return (name) => {
    const url = new URL(amqp.href);
    url.pathname = `/${VHOST(name)}`;
    return url.href;
  };
}
