import { join } from 'node:path';
import type { SectionValues } from '@kilonova/config';
import { InstanceNotifier, type NotificationEmitter } from '@kilonova/notifications';
import { type BehaviourSource, behaviourFromFile, DEFAULT_BEHAVIOUR, FakeDriver, GuestMemory } from '@kilonova/virt';
import { Logger } from '@nestjs/common';
import type { agentSection, fakeSection } from '../config.js';
import { type ManagedHost, ManagedHosts } from './managed-host.js';
import { nodeUuid } from './node-identity.js';

/** The hosts of this process with their drivers, as configured. */
export function createManagedHosts(
  agent: SectionValues<typeof agentSection>,
  fake: SectionValues<typeof fakeSection>,
  emitter: NotificationEmitter,
  imageUrl: string,
): ManagedHosts {
  const base = {
    ...DEFAULT_BEHAVIOUR,
    spawnDelayMs: fake.spawnDelayMs,
    destroyDelayMs: fake.destroyDelayMs,
    brokenHosts: fake.brokenHosts,
  };
  const logger = new Logger('FakeDriver');
  const file = fake.behaviourFile === '' ? undefined : fake.behaviourFile;
  const behaviour = behaviourFromFile(base, file, (fault) => logger.error(`${fault}; the file counts as empty`));
  const size = { vcpus: fake.vcpus, memoryMb: fake.memoryMb, diskGb: fake.diskGb };
  return new ManagedHosts(agent.hosts.map((host) => managedHost(host, agent, size, behaviour, emitter, imageUrl)));
}

function managedHost(
  host: string,
  agent: SectionValues<typeof agentSection>,
  size: { vcpus: number; memoryMb: number; diskGb: number },
  behaviour: BehaviourSource,
  emitter: NotificationEmitter,
  imageUrl: string,
): ManagedHost {
  const driver = new FakeDriver(host, size, behaviour, new GuestMemory(join(agent.stateDir, 'guests', host)));
  return {
    host,
    driver,
    nodeUuids: new Map(driver.nodes().map((node) => [node, nodeUuid(agent.stateDir, agent.cell, node)])),
    notifier: new InstanceNotifier(emitter, { service: 'compute', host }, imageUrl),
    instances: new Map(),
    disabled: false,
    failedBuilds: 0,
  };
}
