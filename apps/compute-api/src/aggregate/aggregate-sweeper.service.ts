import { AggregateRepository, ApiDatabase } from '@kilonova/api-db';
import type { Logger } from '@kilonova/observability';
import { systemCtx } from '@kilonova/util';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LOGGER } from '../common/tokens.js';
import { AggregateMirror } from './aggregate-mirror.service.js';

const PERIOD_MS = 60_000;
const BATCH = 100;

/** Tells placement again what it could not be told when a host was added to an aggregate. Nothing to do costs one query. */
@Injectable()
export class AggregateSweeper implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly mirror: AggregateMirror,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#running
        .then(() => this.sweep())
        .catch((error: unknown) => this.logger.warn({ err: error }, 'aggregates were not compared with placement'));
    }, PERIOD_MS);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Stops at the first host that placement cannot be told of: the others would fare no better. */
  async sweep(): Promise<void> {
    const waiting = await this.aggregates.unmirrored(await this.database.sql(), BATCH);
    for (const { aggregate_id: id, host } of waiting) {
      if (!(await this.#tell(id, host))) return;
    }
  }

  /** Under the aggregate's lock, so that a host that leaves meanwhile is not put back. */
  async #tell(id: number, host: string): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const aggregate = await this.aggregates.lock(sql, id);
      if (aggregate === undefined || !aggregate.hosts.includes(host)) return true;
      const isTold = await this.mirror.add(systemCtx('aggregates'), aggregate.uuid, host);
      if (isTold) await this.aggregates.markMirrored(sql, id, host);
      return isTold;
    });
  }
}
