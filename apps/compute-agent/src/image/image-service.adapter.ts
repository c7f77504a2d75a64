import type { Readable } from 'node:stream';
import { ImageClient } from '@kilonova/image-client';
import { AppError, backoffMs, type Ctx, pause } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { SnapshotImages, type StoreOutcome } from './snapshot-images.js';

/** An upload that broke off keeps its image for as long as the service takes to notice. */
const TRIES = 6;
const RETRY = { baseMs: 500, capMs: 8_000 };

/** Images at the image service, with this process's own rights. */
@Injectable()
export class ImageServiceSnapshots extends SnapshotImages {
  constructor(private readonly images: ImageClient) {
    super();
  }

  async store(ctx: Ctx, imageId: string, open: () => Promise<Readable>, signal: AbortSignal): Promise<StoreOutcome> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const outcome = await this.images.data.upload(ctx, imageId, await open(), signal);
      if (outcome === 'stored') return 'stored';
      if (outcome === 'not-found') return 'gone';
      if (await this.#isFilled(ctx, imageId)) return 'stored';
      await pause(backoffMs(RETRY, attempt), signal);
    }
    throw new AppError({
      kind: 'dependency',
      code: 'agent.image.taken',
      message: `Image ${imageId} takes no data: another upload holds it.`,
    });
  }

  /** Without a principal nothing is hidden that the image service shows to us. */
  async #isFilled({ principal: _caller, ...ctx }: Ctx, imageId: string): Promise<boolean> {
    const image = await this.images.getImage(ctx, imageId);
    return image !== undefined && image.status !== 'queued' && image.status !== 'saving';
  }
}
