import { type Flavor, type Instance, PowerState, type Vif } from '@kilonova/compute-objects';
import type { DriverCapabilities } from '../capabilities.js';
import type { GuestVolume, VolumeConnector, VolumeSnapshot } from '../guest-volume.js';
import type { ProviderTree, TreeAllocations } from '../provider-tree.js';
import type { NodeFacts, RebootKind, SpawnRequest } from '../virt-driver.port.js';
import type { BehaviourSource, FakeMethod } from './fake-behaviour.js';
import { notImplemented } from './fake-guests.js';
import { type FakeHardware, type HardwareSource, hardwareFromFile } from './fake-hardware.js';
import { FakeLiveMigrations } from './fake-live-migrations.js';
import { fakeTopology } from './fake-topology.js';
import { FakeTree, fakeDevices } from './fake-tree.js';
import { GuestMemory } from './guest-memory.js';
import { GuestPlugs } from './guest-plugs.js';

/** The size of a simulated host. MiB of memory, GiB of disk. */
export interface FakeHostSize {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskGb: number;
}

const HYPERVISOR_VERSION = 1000;

const CAPABILITIES: DriverCapabilities = {
  supportsMultiattach: true,
  supportsExtendVolume: true,
  supportsAttachInterface: true,
  supportsTaggedAttachInterface: true,
  supportsTaggedAttachVolume: true,
  supportsDeviceTagging: true,
  supportsTrustedCerts: true,
  supportsAccelerators: true,
  canLiveResize: true,
  imageTypes: ['raw', 'qcow2'],
};

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
export class FakeDriver extends FakeLiveMigrations {
  constructor(
    host: string,
    private readonly size: FakeHostSize,
    behaviour: BehaviourSource,
    /** Outlives the driver where it is kept in a file. */
    memory: GuestMemory = new GuestMemory(),
    protected readonly plugs: GuestPlugs = new GuestPlugs(),
    private readonly hardwareOf: HardwareSource = hardwareFromFile(undefined),
  ) {
    super(host, behaviour, memory);
  }

  get #hardware(): FakeHardware {
    return this.hardwareOf(this.host);
  }

  nodes(): readonly string[] {
    return this.#hardware.nodes?.map(({ name }) => name) ?? [this.host];
  }

  nodeFacts(_node: string): NodeFacts {
    const hardware = fakeTopology(this.size, this.#hardware);
    return {
      hypervisor_type: 'fake',
      hypervisor_version: this.#hardware.hypervisorVersion ?? HYPERVISOR_VERSION,
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
      ...(hardware === undefined ? {} : { hardware }),
    };
  }

  capabilities(): DriverCapabilities {
    return { ...CAPABILITIES, ...this.#hardware.capabilities };
  }

  override nodeUuid(node: string): string | undefined {
    return this.#hardware.nodes?.find(({ name }) => name === node)?.uuid;
  }

  override async updateProviderTree(tree: ProviderTree, node: string, allocations?: TreeAllocations): Promise<void> {
    new FakeTree(tree, this.nodeFacts(node), this.#hardware, (guest) => this.devices(guest)).update(allocations);
  }

  override devicesBehind(node: string, provider: string, resourceClass: string): readonly string[] {
    return fakeDevices(this.#hardware, node, provider, resourceClass);
  }

  initHost(instances: readonly Instance[]): Promise<void> {
    if (this.memory.isNew) {
      for (const { uuid, vm_state } of instances) {
        const power = POWER_OF_STATE[vm_state];
        if (power !== undefined) this.memory.set(uuid, power);
      }
    }
    return Promise.resolve();
  }

  async spawn({ instance, volumes, devices, interfaces }: SpawnRequest, signal: AbortSignal): Promise<void> {
    if (this.memory.get(instance.uuid) !== undefined) return;
    await this.#work('spawn', signal);
    this.plug(instance, { volumes, devices, interfaces });
    this.memory.set(instance.uuid, PowerState.RUNNING);
  }

  async rebuild({ instance, volumes, devices }: SpawnRequest, signal: AbortSignal): Promise<void> {
    await this.work('rebuild', signal);
    this.plug(instance, { volumes, devices });
    this.memory.set(instance.uuid, PowerState.RUNNING);
  }

  async destroy(instanceUuid: string): Promise<void> {
    if (this.memory.get(instanceUuid) === undefined) return;
    await this.#work('destroy');
    this.memory.delete(instanceUuid);
    this.sizes.delete(instanceUuid);
    this.plugs.forget(instanceUuid);
  }

  powerOn(instanceUuid: string, signal: AbortSignal): Promise<void> {
    return this.#turn('powerOn', instanceUuid, PowerState.RUNNING, signal);
  }

  powerOff(instanceUuid: string, _graceSeconds: number, signal: AbortSignal): Promise<void> {
    return this.#turn('powerOff', instanceUuid, PowerState.SHUTDOWN, signal);
  }

  pause(instanceUuid: string, signal: AbortSignal): Promise<void> {
    return this.#turn('pause', instanceUuid, PowerState.PAUSED, signal);
  }

  unpause(instanceUuid: string, signal: AbortSignal): Promise<void> {
    return this.#turn('unpause', instanceUuid, PowerState.RUNNING, signal);
  }

  suspend(instanceUuid: string, signal: AbortSignal): Promise<void> {
    return this.#turn('suspend', instanceUuid, PowerState.SUSPENDED, signal);
  }

  resume(instanceUuid: string, signal: AbortSignal): Promise<void> {
    return this.#turn('resume', instanceUuid, PowerState.RUNNING, signal);
  }

  async reboot(instanceUuid: string, _kind: RebootKind, signal: AbortSignal): Promise<void> {
    this.#guest(instanceUuid);
    await this.#work('reboot', signal);
    this.memory.set(instanceUuid, PowerState.RUNNING);
  }

  async triggerCrashDump(instanceUuid: string, signal: AbortSignal): Promise<void> {
    if (this.#guest(instanceUuid) === PowerState.SHUTDOWN) throw new Error(`Guest ${instanceUuid} is off.`);
    await this.#work('triggerCrashDump', signal);
  }

  volumeConnector(): VolumeConnector {
    const initiator = `iqn.2026-01.org.kilonova:${this.host}`;
    return { host: this.host, ip: '127.0.0.1', initiator, multipath: false, platform: 'x86_64', os_type: 'linux' };
  }

  async attachVolume(instanceUuid: string, { volumeId }: GuestVolume, signal: AbortSignal): Promise<void> {
    this.#guest(instanceUuid);
    if (this.plugs.volumes.of(instanceUuid).includes(volumeId)) return;
    await this.#work('attachVolume', signal);
    this.plugs.volumes.add(instanceUuid, volumeId);
  }

  async detachVolume(instanceUuid: string, volumeId: string, signal: AbortSignal): Promise<void> {
    if (!this.plugs.volumes.of(instanceUuid).includes(volumeId)) return;
    await this.#work('detachVolume', signal);
    this.plugs.volumes.remove(instanceUuid, volumeId);
  }

  async swapVolume(instanceUuid: string, oldVolumeId: string, { volumeId }: GuestVolume, signal: AbortSignal): Promise<void> {
    this.#guest(instanceUuid);
    const devices = this.plugs.volumes.of(instanceUuid);
    if (!devices.includes(oldVolumeId)) {
      if (devices.includes(volumeId)) return;
      throw new Error(`Guest ${instanceUuid} has no volume ${oldVolumeId}.`);
    }
    await this.#work('swapVolume', signal);
    this.plugs.volumes.add(instanceUuid, volumeId);
    this.plugs.volumes.remove(instanceUuid, oldVolumeId);
  }

  async extendVolume(instanceUuid: string, { volumeId }: GuestVolume, _sizeGib: number, signal: AbortSignal): Promise<void> {
    this.#volume(instanceUuid, volumeId);
    await this.#work('extendVolume', signal);
  }

  async createVolumeSnapshot(
    instanceUuid: string,
    volumeId: string,
    _snapshot: VolumeSnapshot,
    signal: AbortSignal,
  ): Promise<void> {
    this.#volume(instanceUuid, volumeId);
    await this.#work('createVolumeSnapshot', signal);
  }

  async deleteVolumeSnapshot(
    instanceUuid: string,
    volumeId: string,
    _snapshot: VolumeSnapshot,
    signal: AbortSignal,
  ): Promise<void> {
    this.#volume(instanceUuid, volumeId);
    await this.#work('deleteVolumeSnapshot', signal);
  }

  volumes(instanceUuid: string): readonly string[] {
    return this.plugs.volumes.of(instanceUuid);
  }

  async attachInterface(instanceUuid: string, { port_id }: Vif, signal: AbortSignal): Promise<void> {
    this.#guest(instanceUuid);
    if (this.plugs.nics.of(instanceUuid).includes(port_id)) return;
    await this.#work('attachInterface', signal);
    this.plugs.nics.add(instanceUuid, port_id);
  }

  async detachInterface(instanceUuid: string, portId: string, signal: AbortSignal): Promise<void> {
    if (!this.plugs.nics.of(instanceUuid).includes(portId)) return;
    await this.#work('detachInterface', signal);
    this.plugs.nics.remove(instanceUuid, portId);
  }

  interfaces(instanceUuid: string): readonly string[] {
    return this.plugs.nics.of(instanceUuid);
  }

  async liveResize({ uuid }: Instance, flavor: Flavor, signal: AbortSignal): Promise<void> {
    if (this.capabilities().canLiveResize !== true) throw notImplemented('way to resize guests that run');
    this.#guest(uuid);
    await this.#work('liveResize', signal);
    this.sizes.set(uuid, flavor);
  }

  guests(): readonly string[] {
    return this.memory.uuids();
  }

  powerState(instanceUuid: string): PowerState {
    return this.memory.get(instanceUuid) ?? PowerState.NOSTATE;
  }

  /** Told by none of the simulated ones, as upstream. */
  uptime(): undefined {
    return undefined;
  }

  /** Changes a guest's power; one that has it already stays as it is. */
  async #turn(method: FakeMethod, instanceUuid: string, power: PowerState, signal: AbortSignal): Promise<void> {
    if (this.#guest(instanceUuid) === power) return;
    await this.#work(method, signal);
    this.memory.set(instanceUuid, power);
  }

  /** @throws Error when the guest does not have the volume */
  #volume(instanceUuid: string, volumeId: string): void {
    this.#guest(instanceUuid);
    const has = this.plugs.volumes.of(instanceUuid).includes(volumeId);
    if (!has) throw new Error(`Guest ${instanceUuid} has no volume ${volumeId}.`);
  }

  #guest(instanceUuid: string): PowerState {
    return this.guest(instanceUuid);
  }

  #work(method: FakeMethod, signal?: AbortSignal): Promise<void> {
    return this.work(method, signal);
  }
}
