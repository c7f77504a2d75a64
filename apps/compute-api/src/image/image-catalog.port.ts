import type { ImageMeta } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';

/** Where images are looked up. */
export abstract class ImageCatalog {
  /**
   * @returns undefined for an image that is not there, or not for the caller that `ctx` names
   * @throws AppError `dependency` when the image service does not answer
   */
  abstract find(ctx: Ctx, imageId: string): Promise<ImageMeta | undefined>;
}
