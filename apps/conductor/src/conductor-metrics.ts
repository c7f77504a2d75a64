import { type BusObserver, busMetrics } from '@kilonova/messaging';
import type { Metrics } from '@kilonova/observability';

/** What a conductor counts: its messages by outcome, and what its sweeper had to put right. */
export class ConductorMetrics {
  readonly observe: BusObserver;
  readonly #swept;

  constructor(metrics: Metrics) {
    this.observe = busMetrics(metrics);
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
