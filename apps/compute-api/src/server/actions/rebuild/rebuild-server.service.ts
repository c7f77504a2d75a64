import { ApiDatabase, KeyPairRepository } from '@kilonova/api-db';
import {
  type ImageMeta,
  type Instance,
  type InstanceKeypair,
  isRoot,
  isVolume,
  type RebuildArguments,
  unplaced,
} from '@kilonova/compute-objects';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { type AppError, invalid } from '@kilonova/util';
import { VolumeService } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { ComputeSettings } from '../../../common/settings.js';
import { ImageCatalog } from '../../../image/image-catalog.port.js';
import { requesterOf } from '../../block-device/requester.js';
import { volumeNotFound } from '../../block-device/volume-not-found.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isOnVolumes } from '../../core/model/on-volumes.js';
import { type ServerInCell, ServerLocator } from '../../core/server-locator.service.js';
import { checkImage, checkMetadata } from '../../create/model/check-boot.js';
import {
  changesOnVolume,
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
    private readonly volumes: VolumeService,
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
    const found = await this.acceptAction.run(request.ctx, request, id, action, async (server) => {
      const args = await this.#arguments(request, server, adminPassword, action);
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
    found: ServerInCell,
    adminPassword: string,
    action: RebuildAction,
  ): Promise<RebuildArguments> {
    const { instance } = found;
    const wanted = request.body.rebuild;
    if (wanted.trusted_image_certificates !== undefined) request.authorize(CERTIFICATES, ownerOf(instance));
    checkRebuild(wanted);
    const onVolume = isOnVolumes(instance);
    if (onVolume && action === 'rebuildElsewhere') throw unacceptableImage(wanted.imageRef);
    const keypair = await this.#keypair(request, wanted.key_name);
    const reimages = onVolume && action === 'rebuild' && request.version >= Since.rebuildOfVolumes;
    const image = onVolume ? await this.#imageOnVolume(request, found, action) : await this.#image(request, instance);
    checkMetadata(wanted.metadata ?? {}, this.settings.quotas.metadata_items);
    return {
      ...unplaced(),
      image,
      admin_password: adminPassword,
      preserve_ephemeral: keepsEphemeral(wanted),
      ...(reimages ? { reimages_boot_volume: true } : {}),
      changes: onVolume
        ? changesOnVolume(wanted, image, keypair, action === 'rebuildBuried')
        : rebuildChanges(wanted, image, keypair),
    };
  }

  async #image(request: ApiRequest<RebuildBody>, { image_ref: own, flavor }: Instance): Promise<ImageMeta> {
    const image = await this.#known(request, request.body.rebuild.imageRef ?? own ?? '');
    checkImage(image, flavor, { mayUseZeroDisk: request.allows(ZERO_DISK), bootVolume: undefined });
    return image;
  }

  /** What the volume is to hold that the server boots from: what it holds already, unless the rebuild puts its image there. */
  async #imageOnVolume(request: ApiRequest<RebuildBody>, found: ServerInCell, action: RebuildAction): Promise<ImageMeta> {
    const wanted = request.body.rebuild.imageRef;
    if (action === 'rebuildBuried') return this.#imageWaitedFor(found.instance, wanted);
    const volumeId = found.devices.filter(isVolume).find(isRoot)?.volume_id ?? '';
    const volume = await this.volumes.find(request.ctx, requesterOf(request), volumeId);
    if (volume === undefined) throw volumeNotFound(volumeId);
    const present = volume.imageMetadata['image_id'];
    if (request.version < Since.rebuildOfVolumes && wanted !== undefined && wanted !== present) throw unacceptableImage(wanted);
    const image = await this.#known(request, wanted ?? present ?? '');
    checkImage(image, found.instance.flavor, { mayUseZeroDisk: true, bootVolume: { size: volume.size } });
    return image;
  }

  async #known({ ctx }: ApiRequest<unknown>, id: string): Promise<ImageMeta> {
    const image = await this.images.find(ctx, id);
    if (image === undefined) throw noImage();
    return image;
  }

  /** What is on the volume of a server that never had a host: it stays. */
  async #imageWaitedFor({ uuid }: Instance, wanted: string | undefined): Promise<ImageMeta> {
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
