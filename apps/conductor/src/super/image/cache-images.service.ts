import { randomUUID } from 'node:crypto';
import { type Aggregate, AggregateRepository, ApiDatabase } from '@kilonova/api-db';
import { type CacheImages as Args, type CachingSoFar, messages } from '@kilonova/compute-objects';
import { Config } from '@kilonova/config';
import { castEnvelope, enqueueCast, OutboxRelay } from '@kilonova/messaging';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { ImageCacheNotifier } from '../../events/image-cache.notifier.js';
import { cachedAndFailed, hostsLeft } from '../../model/image-caching.js';
import { AskHostImages } from './ask-host-images.service.js';

/** For so long hosts are begun with by one message; those that are left are its successor's. With the patience for one host it stays below the time for which the broker lets a message be worked on. */
const BUDGET_MS = 300_000;

/**
 * Has the hosts of an aggregate fetch images that guests may be made of soon, a few at a time. What was done travels in the
 * message, so that a conductor that dies loses no more than the hosts under way: they are asked again, and have the images.
 */
@Injectable()
export class CacheImages {
  readonly #hostsAtOnce: number;

  constructor(
    private readonly api: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly hosts: AskHostImages,
    private readonly relay: OutboxRelay,
    private readonly notifier: ImageCacheNotifier,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info'>,
    config: Config,
  ) {
    this.#hostsAtOnce = config.get(conductorSection).imageCacheHosts;
  }

  async run(ctx: Ctx, args: Args, budgetMs = BUDGET_MS): Promise<void> {
    const aggregate = await this.aggregates.find(await this.api.sql(), args.aggregate_id);
    if (aggregate === undefined) {
      this.log.info({ ...logFields(ctx), aggregate: args.aggregate_id }, 'an aggregate is gone: its hosts fetch no images');
      return;
    }
    if (args.so_far === undefined) await this.notifier.bounds(ctx, 'start', aggregate);
    const soFar = await this.#askSome(ctx, aggregate, args, performance.now() + budgetMs);
    if (soFar === undefined || hostsLeft(aggregate.hosts, soFar).length === 0) return this.notifier.bounds(ctx, 'end', aggregate);
    await this.#goOn(ctx, { ...args, so_far: soFar });
  }

  /** Asks hosts until `end`; each that was begun with is waited for. Undefined: there is none. */
  async #askSome(ctx: Ctx, aggregate: Aggregate, { image_ids, so_far }: Args, end: number): Promise<CachingSoFar | undefined> {
    const left = hostsLeft(aggregate.hosts, so_far);
    const total = so_far?.total ?? left.length;
    const cells = await this.hosts.up(ctx, left);
    let [after, asked, isFirst] = [so_far?.after, so_far?.asked ?? 0, true];
    const next = (): string | undefined => {
      if (!isFirst && performance.now() >= end) return undefined;
      isFirst = false;
      const host = left.shift();
      after = host ?? after;
      return host;
    };
    const work = async (): Promise<void> => {
      for (let host = next(); host !== undefined; host = next()) {
        const found = await this.hosts.ask(ctx, cells.get(host), host, image_ids);
        asked += 1;
        await this.notifier.progress(ctx, aggregate, { host, index: asked, total, ...cachedAndFailed(image_ids, found) });
      }
    };
    await Promise.all(Array.from({ length: this.#hostsAtOnce }, work));
    return after === undefined ? undefined : { after, asked, total };
  }

  async #goOn(ctx: Ctx, args: Args): Promise<void> {
    const cast = castEnvelope(ctx, messages.cacheImages, { topic: 'conductor' }, args, randomUUID());
    await this.api.transaction((sql) => enqueueCast(sql, cast));
    this.relay.wake();
  }
}
