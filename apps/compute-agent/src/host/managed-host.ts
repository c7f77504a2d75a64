import type { Instance } from '@kilonova/compute-objects';
import type { InstanceNotifier } from '@kilonova/notifications';
import { AppError } from '@kilonova/util';
import type { VirtDriver } from '@kilonova/virt';
import type { HostDevices } from '../device/host-devices.js';
import type { HostNetworks } from '../network/host-networks.js';
import type { HostVolumes } from '../volume/host-volumes.js';
import type { HostHardware } from './host-hardware.js';

/** One host of this process: its driver, and what it knows of its instances. */
export interface ManagedHost {
  readonly host: string;
  readonly driver: VirtDriver;
  readonly volumes: HostVolumes;
  readonly networks: HostNetworks;
  readonly devices: HostDevices;
  /** NUMA cells and PCI devices, and who has what of them. */
  readonly hardware: HostHardware;
  /** The uuid of a node of its driver, which is the uuid of its root provider too. */
  readonly uuidOf: (node: string) => string;
  readonly notifier: InstanceNotifier;
  /** Instances on the host, as last seen; feeds the usage that hypervisor listings show. */
  readonly instances: Map<string, Instance>;
  disabled: boolean;
  failedBuilds: number;
  /** Why it is not served: it is neither reported nor given work. Left out: it is. */
  refused?: string;
}

/** Remembers an instance as it is now, or that it is on this host no more. */
export function keepInstance(host: ManagedHost, instance: Instance): void {
  if (instance.vm_state === 'deleted' || instance.host !== host.host) host.instances.delete(instance.uuid);
  else host.instances.set(instance.uuid, instance);
}

/** The hosts by name. */
export class ManagedHosts {
  readonly #byName: ReadonlyMap<string, ManagedHost>;

  constructor(hosts: readonly ManagedHost[]) {
    this.#byName = new Map(hosts.map((host) => [host.host, host]));
  }

  get(name: string): ManagedHost {
    const host = this.#byName.get(name);
    if (host === undefined) throw new Error(`host ${name} is not served by this process`);
    if (host.refused !== undefined) throw notServed(host.host, host.refused);
    return host;
  }

  all(): readonly ManagedHost[] {
    return [...this.#byName.values()];
  }

  /** All but those that were refused. */
  served(): readonly ManagedHost[] {
    return this.all().filter(({ refused }) => refused === undefined);
  }
}

const notServed = (host: string, why: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'agent.host.refused',
    message: `Host ${host} is not served: ${why}`,
    details: { host },
  });
