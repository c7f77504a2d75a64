import type { Instance } from '@kilonova/compute-objects';
import type { InstanceNotifier } from '@kilonova/notifications';
import type { VirtDriver } from '@kilonova/virt';
import type { HostNetworks } from '../network/host-networks.js';
import type { HostVolumes } from '../volume/host-volumes.js';

/** One host of this process: its driver, and what it knows of its instances. */
export interface ManagedHost {
  readonly host: string;
  readonly driver: VirtDriver;
  readonly volumes: HostVolumes;
  readonly networks: HostNetworks;
  /** Node name → compute node uuid, which is the root provider's uuid too. */
  readonly nodeUuids: ReadonlyMap<string, string>;
  readonly notifier: InstanceNotifier;
  /** Instances on the host, as last seen; feeds the usage that hypervisor listings show. */
  readonly instances: Map<string, Instance>;
  disabled: boolean;
  failedBuilds: number;
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
    return host;
  }

  all(): readonly ManagedHost[] {
    return [...this.#byName.values()];
  }
}
