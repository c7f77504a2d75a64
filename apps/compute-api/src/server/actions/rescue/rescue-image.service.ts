import type { ImageMeta, Instance } from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import { type Ctx, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ImageCatalog } from '../../../image/image-catalog.port.js';
import { isOnVolumes } from '../../core/model/on-volumes.js';
import { rescueFault } from './model/rescue-rules.js';

const TRAIT = 'COMPUTE_RESCUE_BFV';

/** Which image a server is rescued with, and whether it can be. */
@Injectable()
export class RescueImage {
  constructor(
    private readonly images: ImageCatalog,
    private readonly placement: PlacementClient,
  ) {}

  /**
   * @param ref the image that the caller named; null: the one that the server was made from
   * @param volumesToo whether servers on volumes may be rescued (2.87)
   * @returns what is known of the image that was named
   * @throws AppError 400 for an image that does not serve, and for a server that cannot be rescued
   */
  async choose(ctx: Ctx, instance: Instance, ref: string | null, volumesToo: boolean): Promise<ImageMeta | null> {
    const image = ref === null ? null : ((await this.images.find(ctx, ref)) ?? 'unknown');
    const fault = rescueFault(instance, ref, image, volumesToo);
    if (fault !== undefined) throw invalid(`compute.rescue.${fault.reason}`, fault.message);
    if (isOnVolumes(instance) && !(await this.#hostCan(ctx, instance)))
      throw invalid(
        'compute.rescue.host_unable',
        `Instance ${instance.uuid} cannot be rescued: Host unable to rescue a volume-backed instance`,
      );
    return image === 'unknown' ? null : image;
  }

  async #hostCan(ctx: Ctx, { compute_node_uuid: node }: Instance): Promise<boolean> {
    if (node === null) return false;
    const tree = await this.placement.tree(ctx, node);
    return tree.some(({ uuid, traits }) => uuid === node && traits.has(TRAIT));
  }
}
