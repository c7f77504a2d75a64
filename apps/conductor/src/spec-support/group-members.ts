// Members of server groups that move, as a cell's rows tell of them.
import { randomUUID } from 'node:crypto';
import { InstanceRepository } from '@kilonova/cell-db';
import { anInstance } from '@kilonova/compute-samples';
import { rows, type Sql } from '@kilonova/sql';

/** An active member of a group with a migration; its place is where it goes, once that is known. @returns its uuid */
export async function aMove(
  cell: Sql,
  groupUuid: string,
  { from, to, status }: { readonly from: string; readonly to: string | null; readonly status: string },
): Promise<string> {
  const member = anInstance({ vm_state: 'active', task_state: null, host: to ?? from });
  await new InstanceRepository().insertMany(cell, [member]);
  await rows(cell, 'INSERT INTO group_placements VALUES ($1, $2, $3)', [groupUuid, member.uuid, to ?? from]);
  await rows(
    cell,
    `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, dest_compute)
     VALUES ($1, $2, 'p1', 'u1', 'migration', $3, $4, $5)`,
    [randomUUID(), member.uuid, status, from, to],
  );
  return member.uuid;
}

/** A host is being looked for a member. */
export async function aPlacing(cell: Sql, uuid: string): Promise<void> {
  await rows(
    cell,
    `INSERT INTO operations (instance_uuid, name, step, host, state, arguments, ctx)
     VALUES ($1, 'resize', 'prep_resize', '', 'placing', '{}', '{}')`,
    [uuid],
  );
}
