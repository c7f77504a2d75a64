import { type Instance, PowerState, type Vif } from '@kilonova/compute-objects';
import type { GuestVolume } from '../guest-volume.js';
import type { GuestMove } from '../live-migration.port.js';
import { FakeGuests } from './fake-guests.js';
import type { GuestPlugs } from './guest-plugs.js';

/** What a guest is made with; left out: nothing, and of interfaces those that its instance has. */
interface Plugged {
  readonly volumes?: readonly GuestVolume[] | undefined;
  readonly devices?: readonly string[] | undefined;
  readonly interfaces?: readonly Vif[] | undefined;
}

/** The part of a simulated hypervisor that has guests go to other hosts, and come from them. */
export abstract class FakeMoves extends FakeGuests {
  protected abstract readonly plugs: GuestPlugs;

  prepareMigration(_move: GuestMove, signal: AbortSignal): Promise<void> {
    return this.work('prepareMigration', signal);
  }

  async migrateDiskAndPowerOff({ instance: { uuid } }: GuestMove, _graceSeconds: number, signal: AbortSignal): Promise<void> {
    if (this.memory.hasLeft(uuid) && this.memory.get(uuid) === undefined) return;
    this.guest(uuid);
    await this.work('migrateDiskAndPowerOff', signal);
    this.memory.leave(uuid);
    this.plugs.forget(uuid);
  }

  async finishMigration({ instance, volumes, devices }: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void> {
    const { uuid } = instance;
    await this.work('finishMigration', signal);
    this.plug(instance, { volumes, devices });
    this.memory.set(uuid, powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN);
  }

  async confirmMigration(instanceUuid: string, signal: AbortSignal): Promise<void> {
    await this.work('confirmMigration', signal);
    this.memory.forgetLeft(instanceUuid);
  }

  async finishRevertMigration({ instance, volumes, devices }: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void> {
    const { uuid } = instance;
    if (!this.memory.hasLeft(uuid)) this.guest(uuid);
    await this.work('finishRevertMigration', signal);
    this.plug(instance, { volumes, devices });
    this.memory.set(uuid, powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN);
    this.memory.forgetLeft(uuid);
  }

  movedAway(): readonly string[] {
    return this.memory.left();
  }

  devices(instanceUuid: string): readonly string[] {
    return this.plugs.devices.of(instanceUuid);
  }

  /** A guest is made with its network interfaces, and with these volumes and devices: devices that it had before are not its any more. */
  protected plug(
    { uuid, network_info = [] }: Instance,
    { volumes = [], devices = [], interfaces = network_info }: Plugged,
  ): void {
    for (const { volumeId } of volumes) this.plugs.volumes.add(uuid, volumeId);
    for (const { port_id } of interfaces) this.plugs.nics.add(uuid, port_id);
    for (const device of this.plugs.devices.of(uuid)) if (!devices.includes(device)) this.plugs.devices.remove(uuid, device);
    for (const device of devices) this.plugs.devices.add(uuid, device);
  }
}
