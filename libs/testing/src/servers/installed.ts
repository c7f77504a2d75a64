import { join } from 'node:path';
import { findPostgres, findRabbitmq, startPostgres, startRabbitmq } from '@kilonova/local-servers';
import type { ServerSource } from './server.js';

/** Server programs of this machine, started in the run's folder and thrown away with it. */
export const installedServers = (folder: string): ServerSource => ({
  async postgres() {
    const installation = await findPostgres();
    if (installation === undefined) return undefined;
    const server = await startPostgres({ baseDir: join(folder, 'postgres'), installation, durable: false });
    return { url: server.url, from: installation.binDir, stop: () => server.stop() };
  },
  async rabbitmq() {
    const installation = await findRabbitmq();
    if (installation === undefined) return undefined;
    const server = await startRabbitmq({ baseDir: join(folder, 'rabbitmq'), installation });
    const { url, managementUrl } = server;
    // Nothing in it is wanted any more, and an orderly end takes seconds.
    return { url, managementUrl, from: installation.binDir, stop: () => server.kill() };
  },
});
