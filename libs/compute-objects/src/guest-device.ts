import type { StepRef } from './operations/step.js';

/** A device of a host that was assigned to a server: a part of a graphics card, a function of a network card. */
export interface GuestDevice {
  readonly resource_class: string;
  /** As the host's hypervisor calls it. */
  readonly device: string;
  /** The move for which it was assigned; null: none. */
  readonly migration_uuid: string | null;
}

/** Some of these devices are wanted, whichever are free. */
export interface WantedDevices {
  readonly resource_class: string;
  readonly amount: number;
  /** By preference, best first. */
  readonly devices: readonly string[];
}

/** agent → cell conductor: the server comes to this host, and is to have devices of it. */
export interface AssignDevices extends StepRef {
  readonly host: string;
  readonly wanted: readonly WantedDevices[];
}

/** `none-free`: nothing was assigned; `stale`: the step is not this agent's (any more). */
export type AssignDevicesResult =
  | { readonly outcome: 'assigned'; readonly devices: readonly GuestDevice[] }
  | { readonly outcome: 'none-free' | 'stale' };
