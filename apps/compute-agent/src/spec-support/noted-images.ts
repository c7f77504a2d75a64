import type { Readable } from 'node:stream';
import type { Ctx } from '@kilonova/util';
import { SnapshotImages, type StoreOutcome } from '../image/snapshot-images.js';

/** Plays the image service: notes how many bytes each image was given, and breaks off where it is told to. */
export class NotedImages extends SnapshotImages {
  readonly bytes = new Map<string, number>();
  /** Images that somebody has deleted. */
  readonly gone = new Set<string>();
  failure: Error | undefined;
  /** Told of each piece. */
  onPiece: () => void = () => undefined;

  async store(_ctx: Ctx, imageId: string, open: () => Promise<Readable>, signal: AbortSignal): Promise<StoreOutcome> {
    if (this.gone.has(imageId)) return 'gone';
    let bytes = 0;
    for await (const piece of await open()) {
      signal.throwIfAborted();
      if (this.failure !== undefined) throw this.failure;
      bytes += (piece as Buffer).length;
      this.onPiece();
    }
    this.bytes.set(imageId, bytes);
    return 'stored';
  }
}
