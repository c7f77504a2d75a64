import { OutboxRelay } from '@kilonova/messaging';
import { HealthChecks, type Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { backoffMs, pause } from '@kilonova/util';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Jobs } from './jobs.js';
import { OwnDatabase } from './own-database.js';
import { Sweeper } from './sweeper.js';

/** Pauses between tries to reach the database at start: a full-jitter ramp up to 10 s. */
const START_RETRY = { baseMs: 200, capMs: 10_000 };
/** How often a starting conductor looks for its database before it gives up. */
const START_ATTEMPTS = 30;

/** Starts what a conductor does by itself, once its database answers, and ends it: outbox and periodic jobs. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly database: OwnDatabase,
    private readonly jobs: Jobs,
    private readonly sweeper: Sweeper,
    private readonly relay: OutboxRelay,
    @Inject(LOGGER) private readonly logger: Logger,
    checks: HealthChecks,
  ) {
    checks.add('database', { run: async () => void (await (await database.sql()).query('SELECT 1')) });
  }

  /** @throws AppError `dependency` when the database stays away. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#untilDone(async () => {
      await this.database.sql();
      for (const job of this.jobs.upkeep) await job.run();
    });
    this.relay.start();
    this.sweeper.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeper.stop();
    await this.relay.stop();
  }

  async #untilDone(task: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (error) {
        if (attempt >= START_ATTEMPTS) throw error;
        this.logger.warn({ err: error, attempt }, 'the conductor waits for its database');
        await pause(backoffMs(START_RETRY, attempt));
      }
    }
  }
}
