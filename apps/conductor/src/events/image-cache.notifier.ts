import {
  type AggregateFacts,
  aggregateCachePayload,
  aggregatePayload,
  type CachedOnHost,
  type NotificationEmitter,
} from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';

/** What outsiders are told of images that the hosts of an aggregate fetch beforehand: `aggregate.cache_images.<phase>`. The unversioned family has no such event. */
export class ImageCacheNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly host: string,
  ) {}

  bounds(ctx: Ctx, phase: 'start' | 'end', aggregate: AggregateFacts): Promise<void> {
    return this.#tell(ctx, phase, () => aggregatePayload(aggregate));
  }

  progress(ctx: Ctx, aggregate: AggregateFacts, done: CachedOnHost): Promise<void> {
    return this.#tell(ctx, 'progress', () => aggregateCachePayload(aggregate, done));
  }

  #tell(ctx: Ctx, phase: string, payload: () => unknown): Promise<void> {
    return this.emitter.emit(ctx, {
      publisher: { service: 'conductor', host: this.host },
      versioned: { eventType: `aggregate.cache_images.${phase}`, payload },
    });
  }
}
