import { GuestDevices } from './guest-devices.js';

type PlugKind = 'guest-devices' | 'guest-interfaces' | 'assigned-devices';

/** What is plugged into the guests of one simulated hypervisor. With files, one of each kind, it outlives the process. */
export class GuestPlugs {
  readonly volumes: GuestDevices;
  /** The ports behind network interfaces. */
  readonly nics: GuestDevices;
  /** Devices of the host. */
  readonly devices: GuestDevices;

  constructor(fileOf?: (kind: PlugKind) => string) {
    this.volumes = new GuestDevices(fileOf?.('guest-devices'));
    this.nics = new GuestDevices(fileOf?.('guest-interfaces'));
    this.devices = new GuestDevices(fileOf?.('assigned-devices'));
  }

  /** The guest is gone, and what was plugged into it with it. */
  forget(guest: string): void {
    for (const kind of [this.volumes, this.nics, this.devices]) kind.forget(guest);
  }
}
