import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../environment.js';
import { containerServers } from '../servers/containers.js';
import { givenServers } from '../servers/given.js';
import { installedServers } from '../servers/installed.js';
import { openDesk } from './desk.js';
import { closeRunFolder, openRunFolder } from './run-folder.js';
import { TestServers } from './test-servers.js';

declare module 'vitest' {
  interface ProvidedContext {
    kilonovaDesk: string;
  }
}

/** Vitest's global setup: opens the desk. No server starts before a test asks for one, so unit runs stay instant. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = readEnvironment();
  const folder = await openRunFolder();
  const servers = new TestServers([givenServers(environment), containerServers(environment), installedServers(folder)]);
  const desk = await openDesk(servers);
  project.provide('kilonovaDesk', desk.url);
  return async () => {
    await desk.close();
    await servers.close();
    await closeRunFolder(folder);
  };
}
