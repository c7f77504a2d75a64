import { type Instance, PowerState, type Vif } from '@kilonova/compute-objects';
import type { GuestMove } from '../live-migration.port.js';
import { FakeGuests } from './fake-guests.js';
import type { GuestDevices } from './guest-devices.js';

/** The part of a simulated hypervisor that has guests go to other hosts, and come from them. */
export abstract class FakeMoves extends FakeGuests {
  /** What is plugged into the guests. */
  protected abstract readonly devices: GuestDevices;
  /** The ports behind their network interfaces. */
  protected abstract readonly nics: GuestDevices;

  prepareMigration(_move: GuestMove, signal: AbortSignal): Promise<void> {
    return this.work('prepareMigration', signal);
  }

  async migrateDiskAndPowerOff({ instance: { uuid } }: GuestMove, _graceSeconds: number, signal: AbortSignal): Promise<void> {
    if (this.memory.hasLeft(uuid) && this.memory.get(uuid) === undefined) return;
    this.guest(uuid);
    await this.work('migrateDiskAndPowerOff', signal);
    this.memory.leave(uuid);
    this.devices.forget(uuid);
    this.nics.forget(uuid);
  }

  async finishMigration({ instance, volumes = [] }: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void> {
    const { uuid } = instance;
    await this.work('finishMigration', signal);
    for (const { volumeId } of volumes) this.devices.add(uuid, volumeId);
    this.plug(instance);
    this.memory.set(uuid, powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN);
  }

  async confirmMigration(instanceUuid: string, signal: AbortSignal): Promise<void> {
    await this.work('confirmMigration', signal);
    this.memory.forgetLeft(instanceUuid);
  }

  async finishRevertMigration({ instance, volumes = [] }: GuestMove, powerOn: boolean, signal: AbortSignal): Promise<void> {
    const { uuid } = instance;
    if (!this.memory.hasLeft(uuid)) this.guest(uuid);
    await this.work('finishRevertMigration', signal);
    for (const { volumeId } of volumes) this.devices.add(uuid, volumeId);
    this.plug(instance);
    this.memory.set(uuid, powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN);
    this.memory.forgetLeft(uuid);
  }

  movedAway(): readonly string[] {
    return this.memory.left();
  }

  /** Gives a guest its network interfaces. */
  protected plug({ uuid, network_info = [] }: Instance, interfaces: readonly Vif[] = network_info): void {
    for (const { port_id } of interfaces) this.nics.add(uuid, port_id);
  }
}
