import type { Metrics } from '@kilonova/observability';

/** What the sweeper had to put right. */
export class SweepingMetrics {
  readonly #swept;

  constructor(metrics: Metrics) {
    this.#swept = metrics.counter('conductor_swept_total', 'Things that the sweeper put right, or jobs of it that failed.', [
      'job',
      'outcome',
    ]);
  }

  swept(job: string, count: number): void {
    this.#swept.inc({ job, outcome: 'done' }, count);
  }

  sweepFailed(job: string): void {
    this.#swept.inc({ job, outcome: 'failed' });
  }
}
