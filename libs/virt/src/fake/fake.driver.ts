import { type Instance, PowerState } from '@kilonova/compute-objects';
import { pause } from '@kilonova/util';
import { capabilityTraits } from '../capabilities.js';
import { type NodeFacts, type ProviderReport, type SpawnRequest, VirtDriver } from '../virt-driver.port.js';
import type { BehaviourSource } from './fake-behaviour.js';

/** The size of a simulated host. MiB of memory, GiB of disk. */
export interface FakeHostSize {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

interface FakeGuest {
  powerState: PowerState;
}

/** States in which a guest exists on its host, with what its power is then. */
const POWER_OF_STATE: Partial<Record<Instance['vm_state'], PowerState>> = {
  active: PowerState.RUNNING,
  rescued: PowerState.RUNNING,
  resized: PowerState.RUNNING,
  paused: PowerState.PAUSED,
  suspended: PowerState.SUSPENDED,
  stopped: PowerState.SHUTDOWN,
  shelved: PowerState.SHUTDOWN,
};

/** A simulated hypervisor: guests are entries of a map, work is a pause, failures are settable. */
export class FakeDriver extends VirtDriver {
  readonly #guests = new Map<string, FakeGuest>();
  readonly #startedAt = Date.now();

  constructor(
    private readonly host: string,
    private readonly size: FakeHostSize,
    private readonly behaviour: BehaviourSource,
  ) {
    super();
  }

  nodes(): readonly string[] {
    return [this.host];
  }

  nodeFacts(_node: string): NodeFacts {
    return {
      hypervisor_type: 'fake',
      hypervisor_version: 1000,
      vcpus: this.size.vcpus,
      memory_mb: this.size.memoryMb,
      local_gb: this.size.diskGb,
      disk_available_least: null,
      cpu_info: JSON.stringify({
        arch: 'x86_64',
        model: 'Nehalem',
        vendor: 'Intel',
        features: ['pge', 'clflush'],
        topology: { cores: 1, threads: 1, sockets: 4 },
      }),
      supported_instances: [
        ['x86_64', 'fake', 'hvm'],
        ['i686', 'fake', 'hvm'],
        ['aarch64', 'fake', 'hvm'],
      ],
    };
  }

  providerTree(node: string): readonly ProviderReport[] {
    const whole = (total: number) => ({ total, reserved: 0, min_unit: 1, max_unit: total, step_size: 1 });
    const inventories = { VCPU: whole(this.size.vcpus), MEMORY_MB: whole(this.size.memoryMb), DISK_GB: whole(this.size.diskGb) };
    const traits = capabilityTraits({
      supportsMultiattach: true,
      supportsExtendVolume: true,
      supportsAttachInterface: true,
      supportsTaggedAttachInterface: true,
      supportsTaggedAttachVolume: true,
      supportsDeviceTagging: true,
      supportsTrustedCerts: true,
      supportsAccelerators: true,
      supportsMigrateToSameHost: false,
      imageTypes: ['raw', 'qcow2'],
    });
    return [{ name: node, parent: null, inventories, traits }];
  }

  initHost(instances: readonly Instance[]): Promise<void> {
    for (const instance of instances) {
      const powerState = POWER_OF_STATE[instance.vm_state];
      if (powerState !== undefined) this.#guests.set(instance.uuid, { powerState });
    }
    return Promise.resolve();
  }

  async spawn(request: SpawnRequest, signal: AbortSignal): Promise<void> {
    const { spawnDelayMs, brokenHosts } = this.behaviour();
    if (this.#guests.has(request.instance.uuid)) return;
    if (spawnDelayMs > 0) await pause(spawnDelayMs, signal);
    if (brokenHosts.includes(this.host) || brokenHosts.includes('*')) {
      throw new Error(`The simulated hypervisor of ${this.host} is set to fail.`);
    }
    this.#guests.set(request.instance.uuid, { powerState: PowerState.RUNNING });
  }

  async destroy(instanceUuid: string): Promise<void> {
    const { destroyDelayMs } = this.behaviour();
    if (destroyDelayMs > 0) await pause(destroyDelayMs);
    this.#guests.delete(instanceUuid);
  }

  guests(): readonly string[] {
    return [...this.#guests.keys()];
  }

  powerState(instanceUuid: string): PowerState {
    return this.#guests.get(instanceUuid)?.powerState ?? PowerState.NOSTATE;
  }

  uptime(): string {
    const minutes = Math.floor((Date.now() - this.#startedAt) / 60_000);
    const clock = new Date().toISOString().slice(11, 19);
    const hours = `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`;
    return ` ${clock} up ${Math.floor(minutes / 1440)} days, ${hours},  0 users,  load average: 0.00, 0.00, 0.00`;
  }
}
