import type { Readable } from 'node:stream';
import type { Ctx } from '@kilonova/util';

/** `stored`: the image has its data; `gone`: somebody has deleted it, so that nobody waits for the data. */
export type StoreOutcome = 'stored' | 'gone';

/** Images that servers of this process's hosts become; each was created, without data, by the API. */
export abstract class SnapshotImages {
  /**
   * Gives an image its data, as the stream yields it. Safe to repeat: `open` is asked for a new stream each time, and an image that
   * an earlier try has filled is left as it is.
   * @throws AppError kind `dependency`; the signal's reason; what the stream ends with
   */
  abstract store(ctx: Ctx, imageId: string, open: () => Promise<Readable>, signal: AbortSignal): Promise<StoreOutcome>;
}
