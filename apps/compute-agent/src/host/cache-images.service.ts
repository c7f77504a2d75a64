import type { CacheImagesOnHost, ImageCacheResults, ImageCacheStatus } from '@kilonova/compute-objects';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { AppError, type Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { ManagedHosts } from './managed-host.js';

/** How long all images may take where the caller named no deadline. */
const PATIENCE_MS = 600_000;

/** Has a host fetch images that its guests may be made of soon, one after the other. */
@Injectable()
export class CacheImages {
  constructor(
    private readonly hosts: ManagedHosts,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** An image that cannot be fetched is in the way of no other. */
  async run(ctx: Ctx, { host: name, image_ids }: CacheImagesOnHost): Promise<ImageCacheResults> {
    const { driver } = this.hosts.get(name);
    const patienceMs = ctx.deadline === undefined ? PATIENCE_MS : Math.max(ctx.deadline - Date.now(), 1);
    const signal = AbortSignal.timeout(patienceMs);
    const results: Array<readonly [string, ImageCacheStatus]> = [];
    for (const image of image_ids) {
      const status = await driver.cacheImage(image, signal).catch((error: unknown) => {
        if (error instanceof AppError && error.kind === 'not-implemented') return 'unsupported' as const;
        this.log.warn({ ...logFields(ctx), err: error, host: name, image }, 'an image was not fetched beforehand');
        return 'error' as const;
      });
      results.push([image, status]);
    }
    return Object.fromEntries(results);
  }
}
