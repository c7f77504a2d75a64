import type { BootRow } from '@kilonova/api-db';
import type { BlockDevice, Instance, RequestSpec } from '@kilonova/compute-objects';

/** An instance that still has to find a host. */
export interface PendingBoot {
  readonly uuid: string;
  readonly instance: Instance;
  readonly spec: RequestSpec;
  readonly admin_password: string | null;
  readonly block_devices: readonly BlockDevice[];
}

export interface BootPartition {
  readonly pending: readonly PendingBoot[];
  /** An earlier run got as far as the mapping: by cell, what may still have to be handed over. */
  readonly settled: ReadonlyMap<number, readonly string[]>;
  /** Given up by their users; whatever was claimed for them is to be released. */
  readonly gone: readonly string[];
}

/** Sorts the instances of one message by how far they have got. */
export function partitionBoots(rows: readonly BootRow[]): BootPartition {
  const pending: PendingBoot[] = [];
  const settled = new Map<number, string[]>();
  const gone: string[] = [];
  for (const { uuid, instance, spec, admin_password, block_devices, cell_id } of rows) {
    if (instance !== null && spec !== null) pending.push({ uuid, instance, spec, admin_password, block_devices });
    else if (cell_id === null) gone.push(uuid);
    else settled.set(cell_id, [...(settled.get(cell_id) ?? []), uuid]);
  }
  return { pending, settled, gone };
}
