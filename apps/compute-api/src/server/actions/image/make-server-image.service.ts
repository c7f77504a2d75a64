import type { Instance, OperationArguments, OperationOf, SnapshotArguments } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { type CallerImages, ImageClient, type ImageInfo } from '@kilonova/image-client';
import { type AppError, type Ctx, conflict, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isOnVolumes } from '../../core/model/on-volumes.js';
import { refuseAction } from '../../core/model/refuse-action.js';
import { ServerLocator } from '../../core/server-locator.service.js';
import { type SnapshotWish, snapshotImage } from './model/snapshot-image.js';
import { SnapshotVolumes } from './snapshot-volumes.service.js';

/** Actions whose operations fill an image. */
export type ImageAction = 'createImage' | 'createBackup' | 'shelve';

/** What such an action is asked for with. */
export interface ImageOrder<A extends ImageAction> {
  readonly action: A;
  readonly wish: (instance: Instance) => SnapshotWish;
  /** What its operation needs beside the image. */
  readonly args: Omit<OperationArguments[OperationOf<A>], keyof SnapshotArguments>;
}

/** How often a server is looked at again that changed while the request was being accepted. */
const TRIES = 5;

/**
 * Accepts what makes images of servers. The image is there before the answer, without data, in the name of the caller and with
 * no other right; when the action is not accepted after all, it goes again.
 */
@Injectable()
export class MakeServerImage {
  constructor(
    private readonly locator: ServerLocator,
    private readonly acceptAction: AcceptAction,
    private readonly images: ImageClient,
    private readonly snapshotVolumes: SnapshotVolumes,
  ) {}

  /** @throws AppError 404, 409 when the table refuses it, 503 when its cell is down, and what the image service says to its caller */
  async run<A extends ImageAction>(request: ApiRequest<unknown>, id: string, order: ImageOrder<A>): Promise<ImageInfo> {
    const images = this.images.asCaller(request.token);
    const made: { image?: ImageInfo } = {};
    try {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const accepted = await this.#once(request, id, order, images, made);
        if (accepted !== undefined) return accepted;
      }
      throw conflict('compute.server.busy', `Instance ${id} is changing too fast; try again.`);
    } catch (error) {
      if (made.image !== undefined) await discard(request.ctx, images, made.image.id);
      throw error;
    }
  }

  async #once<A extends ImageAction>(
    request: ApiRequest<unknown>,
    id: string,
    { action, wish, args }: ImageOrder<A>,
    images: CallerImages,
    made: { image?: ImageInfo },
  ): Promise<ImageInfo | undefined> {
    const { ctx, principal } = request;
    const found = await this.locator.reach(request, id);
    refuseAction(action, found, principal);
    if (found.where !== 'cell') return undefined;
    if (isOnVolumes(found.instance)) {
      if (action !== 'createImage') throw refusedVolumes(action);
      return this.snapshotVolumes.run(request, found, wish(found.instance));
    }
    const wanted = snapshotImage(found.instance, principal, wish(found.instance));
    made.image ??= await images.create(ctx, wanted);
    const snapshot = { subject: { image_id: made.image.id }, disk_format: wanted.disk_format };
    const all = { ...args, ...snapshot } as OperationArguments[OperationOf<A>];
    return (await this.acceptAction.accept(ctx, found, action, all)) ? made.image : undefined;
  }
}

/** What cannot be taken back stays, empty; the error that led here is the one to be told. */
const discard = (ctx: Ctx, images: CallerImages, id: string): Promise<void> => images.delete(ctx, id).catch(() => undefined);

/** What such a server holds is on volumes, of which this makes no images. */
const refusedVolumes = (action: ImageAction): AppError =>
  invalid(
    'compute.server.volume_backed',
    action === 'createBackup'
      ? 'Backup is not supported for volume-backed instances.'
      : `Action ${action} is not supported for volume-backed instances.`,
  );
