import type { ImageMeta, Instance } from '@kilonova/compute-objects';
import { isOnVolumes } from '../../../core/model/on-volumes.js';

export interface RescueFault {
  readonly reason: 'image_unsupported' | 'volume_backed';
  readonly message: string;
}

type Rescued = Pick<Instance, 'uuid' | 'image_ref' | 'system_metadata'>;

/** Says on which bus, and as what, a rescue image is attached beside the disk of the server. */
const isStable = (property: (name: string) => string | undefined): boolean =>
  property('hw_rescue_bus') !== undefined && property('hw_rescue_device') !== undefined;

/**
 * Why a server is not rescued with an image.
 * @param image the one that was named; null: none was; `unknown`: it is not there for the caller
 * @param volumesToo whether the request's version knows the rescue of servers on volumes
 */
export function rescueFault(
  instance: Rescued,
  ref: string | null,
  image: ImageMeta | 'unknown' | null,
  volumesToo: boolean,
): RescueFault | undefined {
  if (image === 'unknown' || image?.properties['block_device_mapping'] !== undefined)
    return { reason: 'image_unsupported', message: `Requested rescue image '${ref}' is not supported` };
  if (!isOnVolumes(instance)) return undefined;
  const property = (name: string): string | undefined =>
    image === null ? instance.system_metadata[`image_${name}`] : image.properties[name];
  if (volumesToo && isStable(property)) return undefined;
  return {
    reason: 'volume_backed',
    message: `Instance ${instance.uuid} cannot be rescued: Cannot rescue a volume-backed instance`,
  };
}
