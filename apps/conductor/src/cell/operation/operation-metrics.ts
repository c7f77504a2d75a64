import type { OperationRepository } from '@kilonova/cell-db';
import { type Metrics, sharedReading } from '@kilonova/observability';

type OperationCount = Awaited<ReturnType<OperationRepository['counts']>>[number];

/**
 * Gauges of the operations that are under way in the cell, by step and state, asked for when they are scraped, once a second
 * at most; absent while the cell's database does not answer.
 */
export function operationMetrics(metrics: Metrics, read: () => Promise<readonly OperationCount[]>): void {
  const counts = sharedReading(read, []);
  const labels = ['step', 'state'] as const;
  const number = metrics.gauge('operations', 'Operations that are under way.', labels);
  const oldest = metrics.gauge('operation_oldest_seconds', 'Age of the oldest operation that is under way.', labels);
  const show = (gauge: typeof number, of: (row: OperationCount) => number): void => {
    const collect = async (): Promise<void> => {
      const all = await counts();
      gauge.reset();
      for (const row of all) gauge.set({ step: row.step, state: row.state }, of(row));
    };
    Object.assign(gauge, { collect });
  };
  show(number, (row) => row.count);
  show(oldest, (row) => row.oldest_seconds);
}
