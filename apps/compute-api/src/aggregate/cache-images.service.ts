import { randomUUID } from 'node:crypto';
import { AggregateRepository, ApiDatabase } from '@kilonova/api-db';
import { messages } from '@kilonova/compute-objects';
import { castEnvelope, enqueueCast } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ApiOutbox } from '../common/api-outbox.service.js';
import { aggregateNotFound } from './aggregate.service.js';

/** Has the hosts of an aggregate fetch images before servers are made of them. */
@Injectable()
export class CacheImages {
  constructor(
    private readonly database: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly outbox: ApiOutbox,
  ) {}

  /** Stores what a conductor will do. @throws AppError 404 */
  async run(ctx: Ctx, id: number, imageIds: readonly string[]): Promise<void> {
    await this.database.transaction(async (sql) => {
      if ((await this.aggregates.find(sql, id)) === undefined) throw aggregateNotFound(id);
      const args = { aggregate_id: id, image_ids: imageIds };
      await enqueueCast(sql, castEnvelope(ctx, messages.cacheImages, { topic: 'conductor' }, args, randomUUID()));
    });
    this.outbox.wake();
  }
}
