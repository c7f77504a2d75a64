import type { TestEnvironment } from '../environment.js';
import { leaveRunning, type ServerSource } from './server.js';

const managementUrlOf = (amqpUrl: string): string => {
  const { protocol, username, password, hostname } = new URL(amqpUrl);
  return `${protocol === 'amqps:' ? 'https' : 'http'}://${username || 'guest'}:${password || 'guest'}@${hostname}:15672`;
};

/** Servers that somebody else runs and the environment names. */
export const givenServers = (environment: TestEnvironment): ServerSource => ({
  async postgres() {
    const url = environment.postgresUrl;
    return url === undefined ? undefined : { url, from: 'KILONOVA_TEST_POSTGRES_URL', stop: leaveRunning };
  },
  async rabbitmq() {
    const url = environment.amqpUrl;
    if (url === undefined) return undefined;
    const managementUrl = environment.amqpManagementUrl ?? managementUrlOf(url);
    return { url, managementUrl, from: 'KILONOVA_TEST_AMQP_URL', stop: leaveRunning };
  },
});
