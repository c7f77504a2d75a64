import type { Flavor } from './flavor.js';
import type { MigrationType } from './states.js';

/** A move as the agents at both of its ends need it: a row of `migrations` without its history. */
export interface Migration {
  readonly uuid: string;
  readonly migration_type: MigrationType;
  readonly source_compute: string;
  readonly source_node: string;
  /** Null while a destination is looked for. */
  readonly dest_compute: string | null;
  readonly dest_node: string | null;
  /** The flavors before and after; null where the move keeps the flavor. */
  readonly old_flavor: Flavor | null;
  readonly new_flavor: Flavor | null;
}
