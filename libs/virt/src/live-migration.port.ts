import type { Instance, Migration, Transfer } from '@kilonova/compute-objects';
import type { GuestVolume } from './guest-volume.js';

/** A guest that goes from one host to another. */
export interface GuestMove {
  readonly instance: Instance;
  readonly migration: Migration;
  /** What it is to have, open to this host; left out: none, or not asked for. */
  readonly volumes?: readonly GuestVolume[];
  /** Devices of this host that were assigned to it; left out: none. */
  readonly devices?: readonly string[];
}

export interface LiveMigrationRequest extends GuestMove {
  /** Whether disks are copied as well; null: where the hosts have no storage in common. */
  readonly blockMigration: boolean | null;
  /** Called now and then while the guest goes over. */
  readonly onTransfer: (transfer: Transfer) => void;
}

/** What a hypervisor does when a guest goes to another host while it runs. Every method is safe to repeat. */
export abstract class LiveMigrationDriver {
  /** At the destination: whether the guest could come. @throws Error when it could not: another host is tried. */
  abstract checkCanLiveMigrate(move: GuestMove, signal: AbortSignal): Promise<void>;

  /** At the destination: makes ready for the guest, which is none of the guests here yet. @throws Error when it can't come. */
  abstract preLiveMigration(move: GuestMove, signal: AbortSignal): Promise<void>;

  /**
   * At the source: sends the guest over while it runs or is paused. It is none of the guests here then; what is left of it
   * stays until `postLiveMigration`. Told again of a guest that has gone, it does nothing. An aborted signal stops it.
   * @throws Error when it did not go: it is here as it was
   */
  abstract liveMigrate(request: LiveMigrationRequest, signal: AbortSignal): Promise<void>;

  /** At the source: brings a guest that is being sent over to the other side, whatever it costs the guest. No error when none is. */
  abstract forceLiveMigration(instanceUuid: string): Promise<void>;

  /** At the source: removes what is left of a guest that has gone; no error when there is nothing. */
  abstract postLiveMigration(instanceUuid: string, signal: AbortSignal): Promise<void>;

  /** At the destination: the guest has come, and is one of the guests here, running or paused as it was. @throws Error when it has not */
  abstract postLiveMigrationAtDestination(move: GuestMove, signal: AbortSignal): Promise<void>;

  /** At the destination: takes back what `preLiveMigration` made; no error when there is nothing. */
  abstract rollbackLiveMigrationAtDestination(move: GuestMove): Promise<void>;
}
