import type { Flavor } from '../flavor.js';

/** An operation of a cell that the API level has something to do for; everything else is read from its row. */
export interface OperationTicket {
  readonly operation_uuid: string;
  readonly instance_uuid: string;
}

/** Operations that a host is looked for by resources for. */
export const TRIED_OPERATIONS = ['resize', 'liveMigration', 'evacuate', 'unshelve'] as const;

/** An operation that is not begun: which host it would get. What counts of its arguments. */
export interface TryOperation {
  readonly instance_uuid: string;
  readonly operation: (typeof TRIED_OPERATIONS)[number];
  /** Null: the server's. */
  readonly flavor: Flavor | null;
  readonly requested_host: string | null;
  /** The host that was asked for is not judged. */
  readonly forced: boolean;
  /** The zone that the server is to be in from then on, null: any; left out: the one that it is pinned to, if it is. */
  readonly availability_zone?: string | null;
}

export interface SettleHolding {
  readonly instance_uuid: string;
}
