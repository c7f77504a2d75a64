import { join } from 'node:path';
import type { SectionValues } from '@kilonova/config';
import { InstanceNotifier, type NotificationEmitter } from '@kilonova/notifications';
import {
  behaviourFromFile,
  DEFAULT_BEHAVIOUR,
  FakeDriver,
  GuestMemory,
  GuestPlugs,
  hardwareFromFile,
  type VirtDriver,
} from '@kilonova/virt';
import { Logger } from '@nestjs/common';
import type { agentSection, fakeSection } from '../config.js';
import type { HostDevices } from '../device/host-devices.js';
import type { HostNetworks } from '../network/host-networks.js';
import type { HostVolumes } from '../volume/host-volumes.js';
import { type HardwareOptions, HostHardware } from './host-hardware.js';
import { type ManagedHost, ManagedHosts } from './managed-host.js';
import { nodeUuid } from './node-identity.js';

/** What all hosts share. */
export interface HostSurroundings {
  readonly emitter: NotificationEmitter;
  readonly imageUrl: string;
  readonly volumesOf: (driver: VirtDriver) => HostVolumes;
  readonly networksOf: (host: string) => HostNetworks;
  readonly devicesOf: (host: string, driver: VirtDriver) => HostDevices;
  readonly hardware: Omit<HardwareOptions, 'file'>;
}

/** The hosts of this process with their drivers, as configured. */
export function createManagedHosts(
  agent: SectionValues<typeof agentSection>,
  fake: SectionValues<typeof fakeSection>,
  surroundings: HostSurroundings,
): ManagedHosts {
  const base = {
    ...DEFAULT_BEHAVIOUR,
    spawnDelayMs: fake.spawnDelayMs,
    destroyDelayMs: fake.destroyDelayMs,
    snapshotBytes: fake.snapshotBytes,
    brokenHosts: fake.brokenHosts,
  };
  const logger = new Logger('FakeDriver');
  const file = fake.behaviourFile === '' ? undefined : fake.behaviourFile;
  const behaviour = behaviourFromFile(base, file, (fault) => logger.error(`${fault}; the file counts as empty`));
  const hardwareFile = fake.hardwareFile === '' ? undefined : fake.hardwareFile;
  const hardware = hardwareFromFile(hardwareFile, (fault) => logger.error(`${fault}; the file counts as empty`));
  const size = { vcpus: fake.vcpus, memoryMb: fake.memoryMb, diskGb: fake.diskGb };
  const driverOf = (host: string): FakeDriver => {
    const memory = new GuestMemory(join(agent.stateDir, 'guests', host));
    const plugs = new GuestPlugs((kind) => join(agent.stateDir, kind, host));
    return new FakeDriver(host, size, behaviour, memory, plugs, hardware);
  };
  return new ManagedHosts(agent.hosts.map((host) => managedHost(host, agent, driverOf(host), surroundings)));
}

function managedHost(
  host: string,
  agent: SectionValues<typeof agentSection>,
  driver: VirtDriver,
  { emitter, imageUrl, volumesOf, networksOf, devicesOf, hardware }: HostSurroundings,
): ManagedHost {
  return {
    host,
    driver,
    volumes: volumesOf(driver),
    networks: networksOf(host),
    devices: devicesOf(host, driver),
    hardware: new HostHardware(driver, { ...hardware, file: join(agent.stateDir, 'hardware', `${host}.json`) }),
    uuidOf: (node) => nodeUuid(agent.stateDir, agent.cell, node, driver.nodeUuid(node)),
    notifier: new InstanceNotifier(emitter, { service: 'compute', host }, imageUrl),
    instances: new Map(),
    disabled: false,
    failedBuilds: 0,
  };
}
