import { OPERATIONS, type OperationName, operationRule, type StepName } from '@kilonova/compute-objects';
import { execute, rows, type Sql } from '@kilonova/sql';
import { sendSteps } from './operation.statements.js';

/** Steps from the one that waits for its turn on, and those that take it back: while one is under way its turn is taken. */
const HOLDING: readonly StepName[] = (Object.keys(OPERATIONS) as OperationName[]).flatMap((name) => {
  const { steps, rollback } = operationRule(name);
  const first = steps.findIndex((step) => step.turn !== undefined);
  if (first < 0) return [];
  const back = rollback === undefined ? [] : operationRule(rollback as OperationName).steps;
  return [...steps.slice(first), ...back].map((step) => step.message.name as StepName);
});

/** Moves that wait for their turn at their source: so many of a host at once, in the order in which they came. */
export class TurnRepository {
  /** Whether any move waits. */
  async anyWaiting(sql: Sql): Promise<boolean> {
    return (await rows(sql, `SELECT 1 FROM operations WHERE state = 'queued' LIMIT 1`)).length > 0;
  }

  /**
   * Sends on what has its turn now. Returns how many. To be run in a transaction: hosts are locked, so that two who do so
   * at once do not both count the same free place.
   * @param limit of moves from one host at once; 0: none
   */
  async admit(sql: Sql, limit: number): Promise<number> {
    await rows(sql, LOCK);
    return execute(sql, ADMIT, [HOLDING, limit]);
  }
}

const LOCK = `
  SELECT s.host FROM services s
   WHERE s."binary" = 'nova-compute'
     AND s.host IN (SELECT g.source_compute FROM operations o JOIN migrations g ON g.uuid = o.migration_uuid WHERE o.state = 'queued')
   ORDER BY s.host FOR UPDATE`;

/** $1 steps that hold a turn, $2 the limit. */
const ADMIT = `
  WITH waiting AS (
    SELECT o.instance_uuid, g.source_compute AS source,
           row_number() OVER (PARTITION BY g.source_compute ORDER BY o.changed_at, o.created_at, o.uuid) AS place
      FROM operations o JOIN migrations g ON g.uuid = o.migration_uuid WHERE o.state = 'queued'
  ), busy AS (
    SELECT g.source_compute AS source, count(*) AS moves FROM operations o JOIN migrations g ON g.uuid = o.migration_uuid
     WHERE o.step = ANY($1) AND o.state <> 'queued' GROUP BY g.source_compute
  ), operation AS (
    UPDATE operations o SET state = 'sent', changed_at = now(), sent_at = now()
      FROM waiting w LEFT JOIN busy b ON b.source = w.source
     WHERE o.instance_uuid = w.instance_uuid AND o.state = 'queued' AND ($2::int = 0 OR w.place + coalesce(b.moves, 0) <= $2::int)
    RETURNING o.*
  )
  ${sendSteps('operation')}`;
