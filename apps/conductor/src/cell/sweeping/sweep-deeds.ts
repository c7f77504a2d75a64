import { Metrics } from '@kilonova/observability';
import { Injectable } from '@nestjs/common';

/**
 * `sent_again`: to a living host that knew nothing of its step; `rescheduled_again`: a failed operation that nobody had moved on;
 * `placed_again`: one that nobody had found a host for; `moved_on`: one on its way to a host that is down; `given_up`: a step
 * past its time; `admitted`: a move whose turn had come.
 */
const DEEDS = ['sent_again', 'rescheduled_again', 'placed_again', 'moved_on', 'given_up', 'admitted'] as const;
export type SweepDeed = (typeof DEEDS)[number];

/** Counts what the sweeper did about operations. */
@Injectable()
export class SweepDeeds {
  readonly #deeds;

  constructor(metrics: Metrics) {
    this.#deeds = metrics.counter('operations_swept_total', 'Operations that the sweeper had to look after.', ['deed']);
    for (const deed of DEEDS) this.#deeds.inc({ deed }, 0);
  }

  /** Returns the sum. */
  count(done: Readonly<Record<SweepDeed, number>>): number {
    for (const deed of DEEDS) this.#deeds.inc({ deed }, done[deed]);
    return DEEDS.reduce((sum, deed) => sum + done[deed], 0);
  }
}
