import {
  type ClaimChange,
  type OperationEnd,
  type OperationName,
  operationRule,
  PowerState,
  type StepName,
  type StepPlace,
  type StepRule,
  stepPlace,
  stepRule,
  type TakeStep,
} from '@kilonova/compute-objects';
import { devicesOf, updateDevices } from '../block-device/block-device.statements.js';
import { assignedTo, goesWith } from '../guest-device/guest-device.statements.js';
import { abandonImages, forgetUsedImages, leaveNoImages, rotateBackups } from '../image-errand/image-errand.statements.js';
import { archiveInsert, sendDepartures } from '../instance/archive.repository.js';
import { instanceColumns } from '../instance/instance.columns.js';
import { sendQuotaReleases } from '../instance/soft-delete.repository.js';
import { endMigrations } from '../migration/migration.statements.js';
import { closeEvent, openEvent, sendReschedules, sendSteps, setMigration, settleHoldings } from './operation.statements.js';
import { groupTo, hostOf, onSide, sidesOf } from './sides.statements.js';

/** Step $3 in attempt $4 of operation $2 on instance $1, with host $5. */
export const KEY = 'o.instance_uuid = $1 AND o.uuid = $2 AND o.step = $3 AND o.attempt = $4 AND o.host = $5';

/** Parameters 1 to 5 of every statement of a step. */
export const keyOf = (step: TakeStep): unknown[] => [step.instance_uuid, step.operation_uuid, step.step, step.attempt, step.host];

/** A taken step whose end changes claims: devices go before the claims that they stand for. A row: the step is still the agent's. */
export const freeDevices = (change: Exclude<ClaimChange, 'kept'>): string => `
  WITH mine AS MATERIALIZED (SELECT o.instance_uuid, o.migration_uuid FROM operations o WHERE ${KEY} AND o.state = 'taken'), freed AS (
    DELETE FROM guest_devices d USING mine WHERE d.instance_uuid = mine.instance_uuid AND ${goesWith(change, 'mine.migration_uuid')}
  )
  SELECT 1 FROM mine`;

/** CTEs: the instance $1, locked, and its operation while step $3 in attempt $4 of $2 is with host $5. */
const MINE = (states: string, further = ''): string => `
  row_ AS MATERIALIZED (SELECT uuid, vm_state, task_state, host FROM instances WHERE uuid = $1 FOR UPDATE),
  mine AS MATERIALIZED (
    SELECT o.* FROM operations o, row_
     WHERE o.instance_uuid = row_.uuid AND ${KEY} AND o.state IN (${states}) ${further}
       FOR UPDATE OF o
  )`;

const OLD_STATES = 'row_.vm_state AS old_vm_state, row_.task_state AS old_task_state';

/** The server group of a build, as it was scheduled with. */
const GROUP = (operation: string): string => `${operation}.arguments #> '{request_spec,instance_group}'`;
const UNDER_HARD_POLICY = (operation: string): string =>
  `coalesce(${GROUP(operation)} ->> 'policy', '') IN ('affinity', 'anti-affinity')`;

/** A value of the row on the host that the step is given to, where the server is on it as soon as the step is taken. */
const ARRIVED = (column: string, there: string): string =>
  `${column} = CASE WHEN $9 = 'at-once' THEN ${there} ELSE i.${column} END`;

/**
 * $6 task state, $7 event, $8 whether the policy of the server's group was checked, where it has a hard one, $9 how the
 * server arrives with the step (null: it does not), $10 the migration's status (null: stays).
 */
export const TAKE = `
  WITH ${MINE(`'sent', 'taken'`, `AND (o.state = 'taken' OR $8::boolean OR $9::text IS NULL OR NOT ${UNDER_HARD_POLICY('o')})`)}, ${sidesOf('mine')}, operation AS (
    UPDATE operations o SET state = 'taken', changed_at = now(), beat_at = now() FROM mine WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), ${setMigration('mine', '$10::text')}, taken AS (
    UPDATE instances i
       SET task_state = $6::text, ${ARRIVED('host', 'm.host')}, ${ARRIVED('node', 'sides.destination_node')},
           ${ARRIVED('launched_on', 'm.host')}, ${ARRIVED('compute_node_uuid', 'sides.destination_node_uuid')},
           availability_zone = CASE WHEN $9 = 'at-once' THEN coalesce(sides.destination_zone, i.availability_zone) ELSE i.availability_zone END,
           revision = i.revision + 1, updated_at = now()
      FROM mine m, sides WHERE i.uuid = m.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), placed AS (
    INSERT INTO group_placements (group_uuid, instance_uuid, host)
    SELECT (${GROUP('m')} ->> 'uuid')::uuid, m.instance_uuid, m.host FROM mine m
     WHERE $9 IS NOT NULL AND ${GROUP('m')} ->> 'uuid' IS NOT NULL
    ON CONFLICT (group_uuid, instance_uuid) DO UPDATE SET host = excluded.host
  ), ${openEvent('mine', '$7')}
  SELECT taken.*, ${OLD_STATES}, m.arguments, m.state = 'taken' AS resumed, ${devicesOf('$1')} AS block_devices, ${assignedTo('$1', '$5')} AS devices, to_jsonb(g) AS migration
    FROM taken, row_, mine m LEFT JOIN migrations g ON g.uuid = m.migration_uuid`;

export const GROUP_TO_CHECK = `
  SELECT ${GROUP('o')} AS "group" FROM operations o WHERE ${KEY} AND o.state = 'sent' AND ${UNDER_HARD_POLICY('o')}`;

/** $6 task state, $7 progress. */
export const ADVANCE = `
  WITH ${MINE(`'taken'`)}, operation AS (
    UPDATE operations o SET beat_at = now() FROM mine WHERE o.instance_uuid = mine.instance_uuid
  ), advanced AS (
    UPDATE instances i SET task_state = $6, progress = coalesce($7::int, i.progress), revision = i.revision + 1, updated_at = now()
      FROM mine WHERE i.uuid = mine.instance_uuid
    RETURNING ${instanceColumns('i')}
  )
  SELECT advanced.*, ${OLD_STATES} FROM advanced, row_`;

/** Keeps how the step ended until its agent has notified it. */
const remember = (fault: string): string => `
  ended AS (
    INSERT INTO ended_steps (operation_uuid, step, attempt, instance_uuid, host, ctx, old_vm_state, old_task_state, fault, subject)
    SELECT m.uuid, m.step, m.attempt, m.instance_uuid, m.host, m.ctx, row_.vm_state, row_.task_state, ${fault}, m.arguments -> 'subject'
      FROM mine m, row_
  )`;

const select = (changed: string): string =>
  `SELECT ${changed}.*, ${OLD_STATES}, $7::jsonb AS step_fault, mine.arguments -> 'subject' AS subject FROM ${changed}, row_, mine`;

/** What a step writes beside its states. */
export interface StepWrites {
  /** SET list of the instance, from `$8` on; empty or with a comma at its end. */
  readonly instance: string;
  /** The parameter with the power state among them. */
  readonly power?: string;
  /** The parameter with what is reported of disks; left out: nothing is. */
  readonly devices?: string;
}

const devicesWritten = ({ devices }: StepWrites): string => (devices === undefined ? '' : updateDevices(devices));

/** A step that succeeded: the next one is sent, or the operation ends. $6 event, $7 null, updates from $8 where the server is kept. */
export function endStatement(step: StepName, writes: StepWrites): { readonly statement: string; readonly keepsServer: boolean } {
  const place = stepPlace(step);
  const { ends } = operationRule(place.operation);
  if (place.next !== undefined) return { statement: passOn(place, place.next, writes), keepsServer: true };
  if (ends.vmState === 'deleted') return { statement: REMOVE, keepsServer: false };
  return { statement: settle(ends, writes, successOf(place.operation)), keepsServer: true };
}

/** CTEs of what else the success of an operation brings about. */
function successOf(operation: OperationName): string {
  if (operation === 'createBackup') return `, ${rotateBackups('mine')}`;
  if (operation === 'softDelete') return `, told AS (${sendQuotaReleases('changed', '(SELECT ctx FROM mine)')})`;
  return operationRule(operation).image === 'used' ? `, ${forgetUsedImages('mine')}` : '';
}

/** The assignment of the state that the server ends in. */
function finalState(vmState: OperationEnd['vmState'], power: string | undefined): string {
  if (vmState === 'unchanged') return '';
  if (vmState !== 'by-power') return `vm_state = '${vmState}', `;
  return `vm_state = CASE WHEN ${power ?? 'i.power_state'} = ${PowerState.SHUTDOWN} THEN 'stopped' ELSE 'active' END, `;
}

const literal = (value: string | undefined): string => (value === undefined ? 'NULL::text' : `'${value}'`);

/** Whether the operation was aborted: it ends as it would, but for the fault and the status of its migration. */
export const CANCELLED = (operation: string): string => `coalesce((${operation}.arguments ->> 'cancelled')::boolean, false)`;

/** How the migration of an operation that was rolled back ends. */
const ROLLED_BACK = `CASE WHEN ${CANCELLED('o')} THEN 'cancelled' ELSE coalesce(o.arguments ->> 'rolled_back_as', 'failed') END`;

const ON_NO_HOST = 'host = NULL, node = NULL, compute_node_uuid = NULL, ';
const OUT_OF_GROUP = 'ungrouped AS (DELETE FROM group_placements p USING mine WHERE p.instance_uuid = mine.instance_uuid), ';

const settle = (
  { vmState, launchedAt, migration, side, leavesHost, rolledBack }: OperationEnd,
  writes: StepWrites,
  further: string,
): string => `
  WITH ${MINE(`'taken'`)}, ${devicesWritten(writes)} ${sidesOf('mine')}, operation AS (
    DELETE FROM operations o USING mine WHERE o.instance_uuid = mine.instance_uuid
  ), ${setMigration('mine', rolledBack ? ROLLED_BACK : literal(migration))}, ${settleHoldings('mine')}, ${groupTo(side)}${leavesHost ? OUT_OF_GROUP : ''}changed AS (
    UPDATE instances i
       SET ${writes.instance}${leavesHost ? ON_NO_HOST : ''}${rolledBack ? `fault = CASE WHEN ${CANCELLED('mine')} THEN i.fault ELSE coalesce(mine.fault, i.fault) END, ` : ''}${onSide(side)}${finalState(vmState, writes.power)}task_state = NULL, ${launchedAt === 'now' ? 'launched_at = now(), ' : ''}revision = i.revision + 1,
           updated_at = now()
      FROM mine, sides WHERE i.uuid = mine.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'true')}${further}
  ${select('changed')}`;

// The operation's row goes with the instance's.
const REMOVE = `
  WITH ${MINE(`'taken'`)}, gone AS (
    DELETE FROM instances i USING mine WHERE i.uuid = mine.instance_uuid RETURNING i.*
  ), freed AS (
    DELETE FROM group_placements g USING gone WHERE g.instance_uuid = gone.uuid
  ), ${endMigrations('gone', '(SELECT ctx FROM mine)')}, told AS (${sendDepartures('gone', '(SELECT ctx FROM mine)')}
  ), ${leaveNoImages('gone', '(SELECT ctx FROM mine)')}, changed AS (${archiveInsert('gone')}), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'true')}
  ${select('changed')}`;

const passOn = ({ rule: { done } }: StepPlace, next: StepRule, writes: StepWrites): string => `
  WITH ${MINE(`'taken'`)}, ${devicesWritten(writes)} ${sidesOf('mine')}, operation AS (
    UPDATE operations o
       SET step = '${next.message.name}', host = ${hostOf(next.at)}, attempt = 1, state = '${next.turn === undefined ? 'sent' : 'queued'}', changed_at = now(), sent_at = now(),
           beat_at = NULL
      FROM mine, row_, sides WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), ${next.turn === undefined ? `sent AS (${sendSteps('operation')}), ` : ''}${setMigration('mine', literal(next.turn?.waiting ?? done?.migration))}, ${groupTo(done?.side)}changed AS (
    UPDATE instances i
       SET ${writes.instance}${onSide(done?.side)}${done?.task === undefined ? '' : `task_state = '${done.task}', `}revision = i.revision + 1,
           updated_at = now()
      FROM mine, sides WHERE i.uuid = mine.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'false')}
  ${select('changed')}`;

/** A step that failed and ends its operation. $6 event, $7 fault, updates from $8. */
export const failStatement = (step: StepName, vmState: 'error' | 'active' | 'unchanged', writes: StepWrites): string => `
  WITH ${MINE(`'sent', 'taken', 'failed'`)}, ${devicesWritten(writes)} operation AS (
    DELETE FROM operations o USING mine WHERE o.instance_uuid = mine.instance_uuid
  ), ${setMigration('mine', literal(stepRule(step).failedMigration ?? 'error'))}, ${settleHoldings('mine')}, changed AS (
    UPDATE instances i
       SET ${writes.instance}${vmState === 'unchanged' ? '' : `vm_state = '${vmState}', `}task_state = NULL, fault = $7::jsonb,
           revision = i.revision + 1, updated_at = now()
      FROM mine WHERE i.uuid = mine.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'true')}${failureOf(step)}
  ${select('changed')}`;

/** CTEs of what else the failure of a step brings about. */
const failureOf = (step: StepName): string =>
  operationRule(stepPlace(step).operation).image === 'made' ? `, ${abandonImages('mine')}` : '';

/** A step that failed and is not the end: the conductor looks for another host, or winds it up. $6 event, $7 fault. */
export const rescheduleStatement = `
  WITH ${MINE(`'sent', 'taken'`)}, operation AS (
    UPDATE operations o SET state = 'failed', fault = $7::jsonb, changed_at = now(), sent_at = now()
      FROM mine WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), sent AS (${sendReschedules('operation')}), changed AS (
    SELECT ${instanceColumns('i')} FROM instances i JOIN mine ON i.uuid = mine.instance_uuid
  ), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'false')}
  ${select('changed')}`;

/** A step that failed and is taken back: `first` of the operation that does so takes its place. $6 event, $7 fault. */
export const rollBackStatement = (operation: string, first: StepRule, failedMigration = 'failed'): string => `
  WITH ${MINE(`'sent', 'taken'`)}, ${sidesOf('mine')}, operation AS (
    UPDATE operations o
       SET name = '${operation}', step = '${first.message.name}', host = ${hostOf(first.at)}, attempt = 1, state = 'sent', fault = $7::jsonb,
           arguments = o.arguments || '{"rolled_back_as": "${failedMigration}"}', changed_at = now(), sent_at = now(), beat_at = NULL
      FROM mine, row_, sides WHERE o.instance_uuid = mine.instance_uuid
    RETURNING o.*
  ), sent AS (${sendSteps('operation')}), changed AS (
    SELECT ${instanceColumns('i')} FROM instances i JOIN mine ON i.uuid = mine.instance_uuid
  ), ${remember('$7::jsonb')}, ${closeEvent('mine', '$6', '$7::jsonb', 'false')}
  ${select('changed')}`;

/** A step that has ended, with the instance as it is, or was when it was deleted. */
export const ENDED = `
  SELECT i.*, e.old_vm_state, e.old_task_state, e.fault AS step_fault, e.subject,
         (SELECT g.source_compute FROM migrations g WHERE g.instance_uuid = e.instance_uuid ORDER BY g.id DESC LIMIT 1) AS source_compute
    FROM ended_steps e
    JOIN LATERAL (
      SELECT ${instanceColumns('l')} FROM instances l WHERE l.uuid = e.instance_uuid
      UNION ALL SELECT ${instanceColumns('a')} FROM instances_archive a WHERE a.uuid = e.instance_uuid LIMIT 1
    ) i ON true
   WHERE e.instance_uuid = $1 AND e.operation_uuid = $2 AND e.step = $3 AND e.attempt = $4 AND e.host = $5`;

/** $1 hosts, $2 steps. Progress is stored where it changed. */
export const BEAT = `
  WITH beats AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS b (operation_uuid uuid, step text, attempt int, progress int, transfer jsonb)),
  alive AS (
    UPDATE operations o SET beat_at = now() FROM beats b
     WHERE o.uuid = b.operation_uuid AND o.step = b.step AND o.attempt = b.attempt AND o.host = ANY($1) AND o.state = 'taken'
    RETURNING o.uuid, o.instance_uuid, o.migration_uuid, b.progress, b.transfer
  ), transferred AS (
    UPDATE migrations g
       SET memory_total = (a.transfer ->> 'memory_total')::bigint, memory_processed = (a.transfer ->> 'memory_processed')::bigint,
           memory_remaining = (a.transfer ->> 'memory_remaining')::bigint, disk_total = (a.transfer ->> 'disk_total')::bigint,
           disk_processed = (a.transfer ->> 'disk_processed')::bigint, disk_remaining = (a.transfer ->> 'disk_remaining')::bigint,
           updated_at = now()
      FROM alive a WHERE g.uuid = a.migration_uuid AND a.transfer IS NOT NULL
  ), moved AS (
    UPDATE instances i SET progress = a.progress, updated_at = now() FROM alive a
     WHERE i.uuid = a.instance_uuid AND a.progress IS NOT NULL AND i.progress IS DISTINCT FROM a.progress
  )
  SELECT uuid FROM alive`;
