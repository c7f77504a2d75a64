import { ApiDatabase, type RequestOutcome, SchedulingRecordRepository } from '@kilonova/api-db';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { PeriodicTask } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** Between two writes: many requests are one statement. */
const INTERVAL_MS = 1_000;
/** Requests that wait to be written; with the database away the oldest are forgotten. */
const WAITING = 2_000;

/**
 * Keeps how requests were scheduled, a moment later and all together: it explains what happened, and nothing depends on
 * it. A process that is killed forgets the last second.
 */
@Injectable()
export class SchedulingRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #task: PeriodicTask;
  #waiting: RequestOutcome[] = [];

  constructor(
    private readonly api: ApiDatabase,
    private readonly records: SchedulingRecordRepository,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#task = new PeriodicTask(
      INTERVAL_MS,
      () => this.#write(),
      (error) => logger.warn({ err: error }, 'how requests were scheduled was not kept'),
    );
  }

  onApplicationBootstrap(): void {
    this.#task.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#task.stop();
    await this.#write().catch(() => undefined);
  }

  note(outcome: RequestOutcome): void {
    this.#waiting.push(outcome);
    if (this.#waiting.length > WAITING) this.#waiting.shift();
  }

  async #write(): Promise<void> {
    const outcomes = this.#waiting;
    if (outcomes.length === 0) return;
    this.#waiting = [];
    await this.records.add(await this.api.sql(), outcomes);
  }
}
