import { ApiDatabase, KeyPairRepository } from '@kilonova/api-db';
import { type ImageMeta, type Instance, type InstanceKeypair, type RebuildArguments, unplaced } from '@kilonova/compute-objects';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { type AppError, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../../common/settings.js';
import { ImageCatalog } from '../../../image/image-catalog.port.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isOnVolumes } from '../../core/model/on-volumes.js';
import { type ServerInCell, ServerLocator } from '../../core/server-locator.service.js';
import { checkImage, checkMetadata } from '../../create/model/check-boot.js';
import {
  changesBesideImage,
  checkRebuild,
  goesElsewhere,
  keepsEphemeral,
  type RebuildBody,
  rebuildChanges,
  unacceptableImage,
} from './model/rebuild-request.js';

const CERTIFICATES = 'os_compute_api:servers:rebuild:trusted_certs';
const ZERO_DISK = 'os_compute_api:servers:create:zero_disk_flavor';

type RebuildAction = 'rebuild' | 'rebuildBuried' | 'rebuildElsewhere';

const noImage = (): AppError => invalid('compute.server.image_not_found', 'Cannot find image for rebuild');

/**
 * Accepts that servers are made anew of an image. Nothing of it is stored with the server here: what becomes of it travels
 * with the operation, until its host was found to do. What never got a host is, for who asks for extensions, scheduled anew.
 */
@Injectable()
export class RebuildServer {
  constructor(
    private readonly database: ApiDatabase,
    private readonly keyPairs: KeyPairRepository,
    private readonly images: ImageCatalog,
    private readonly locator: ServerLocator,
    private readonly acceptAction: AcceptAction,
    private readonly settings: ComputeSettings,
  ) {}

  /**
   * @returns the server as it will be
   * @throws AppError 400 for an image that does not serve or a key that is none, 403, 404, 409 in other states, 503 when the cell is down
   */
  async run(request: ApiRequest<RebuildBody>, id: string, adminPassword: string): Promise<ServerInCell> {
    const kept: { changes?: RebuildArguments['changes'] } = {};
    const action = await this.#actionFor(request, id);
    const found = await this.acceptAction.run(request.ctx, request, id, action, async ({ instance }) => {
      const args = await this.#arguments(request, instance, adminPassword, action);
      kept.changes = args.changes;
      return args;
    });
    const { system_metadata: _facts, ...changes } = kept.changes ?? {};
    return { ...found, instance: { ...found.instance, ...changes, task_state: 'rebuilding', progress: 0 } };
  }

  /** A server stays in cell0, or outside of it, for as long as nobody rebuilds it. */
  async #actionFor(request: ApiRequest<RebuildBody>, id: string): Promise<RebuildAction> {
    if (request.extension === undefined) return 'rebuild';
    const found = await this.locator.reach(request, id);
    if (found.where === 'cell' && found.cell.isCell0) return 'rebuildBuried';
    return goesElsewhere(request.body.rebuild) ? 'rebuildElsewhere' : 'rebuild';
  }

  async #arguments(
    request: ApiRequest<RebuildBody>,
    instance: Instance,
    adminPassword: string,
    action: RebuildAction,
  ): Promise<RebuildArguments> {
    const wanted = request.body.rebuild;
    if (wanted.trusted_image_certificates !== undefined) request.authorize(CERTIFICATES, ownerOf(instance));
    checkRebuild(wanted);
    const onVolume = isOnVolumes(instance);
    if (onVolume && action !== 'rebuildBuried') throw unacceptableImage(wanted.imageRef);
    const keypair = await this.#keypair(request, wanted.key_name);
    const image = onVolume ? await this.#imageOnVolume(instance, wanted.imageRef) : await this.#image(request, instance);
    checkMetadata(wanted.metadata ?? {}, this.settings.quotas.metadata_items);
    return {
      ...unplaced(),
      image,
      admin_password: adminPassword,
      preserve_ephemeral: keepsEphemeral(wanted),
      changes: onVolume ? changesBesideImage(wanted, keypair) : rebuildChanges(wanted, image, keypair),
    };
  }

  async #image(request: ApiRequest<RebuildBody>, { image_ref: own, flavor }: Instance): Promise<ImageMeta> {
    const image = await this.images.find(request.ctx, request.body.rebuild.imageRef ?? own ?? '');
    if (image === undefined) throw noImage();
    checkImage(image, flavor, { mayUseZeroDisk: request.allows(ZERO_DISK), bootVolume: undefined });
    return image;
  }

  /** What is on the volume that the server is to boot from: it stays. */
  async #imageOnVolume({ uuid }: Instance, wanted: string | undefined): Promise<ImageMeta> {
    const image = (await this.locator.spec(uuid))?.image ?? null;
    if (image === null) throw noImage();
    if (wanted !== undefined && wanted !== image.id) throw unacceptableImage(wanted);
    return image;
  }

  /** Of the caller, whoever the server's owner is. Undefined: it stays as it is. */
  async #keypair(
    { principal }: ApiRequest<unknown>,
    name: string | null | undefined,
  ): Promise<InstanceKeypair | null | undefined> {
    if (name === undefined || name === null) return name;
    const key = await this.keyPairs.find(await this.database.sql(), principal.userId, name);
    if (key === undefined) throw invalid('compute.server.key_not_found', 'Invalid key_name provided.');
    const { user_id, type, fingerprint, public_key } = key;
    return { name: key.name, user_id, type, fingerprint, public_key };
  }
}
