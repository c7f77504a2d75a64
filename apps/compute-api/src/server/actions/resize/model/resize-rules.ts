import type { Flavor, Instance } from '@kilonova/compute-objects';
import { type AppError, invalid } from '@kilonova/util';

const bad = (reason: string, message: string): AppError => invalid(`compute.resize.${reason}`, message);
const GIB = 1024 ** 3;

/** What a server's image asks for, as it was kept with the server. */
const imageMinimum = ({ system_metadata: facts }: Pick<Instance, 'system_metadata'>) => ({
  ram: Number(facts['image_min_ram'] ?? 0),
  disk: Number(facts['image_min_disk'] ?? 0),
});

export type ResizeSubject = Pick<Instance, 'flavor' | 'image_ref' | 'system_metadata'>;

/**
 * Whether a server may have another flavor. A server on a volume keeps its disk, whatever the flavor says of disks.
 * @param flavor undefined where the caller sees none by this id, or it is disabled
 * @throws AppError 400 in the words that clients know
 */
export function checkResize(server: ResizeSubject, flavorid: string, flavor: Flavor | undefined): Flavor {
  if (flavor === undefined || flavor.disabled) throw bad('flavor_not_found', `Flavor ${flavorid} could not be found.`);
  if (flavor.flavorid === server.flavor.flavorid) throw bad('same_flavor', 'When resizing, instances must change flavor!');
  const minimum = imageMinimum(server);
  if (flavor.memory_mb < minimum.ram) throw bad('memory_too_small', "Flavor's memory is too small for requested image.");
  const isOnVolume = (server.image_ref ?? '') === '';
  if (!isOnVolume) checkDisk(server.flavor, flavor, minimum.disk);
  return flavor;
}

function checkDisk(present: Flavor, wanted: Flavor, minimum: number): void {
  if (wanted.root_gb === 0 && present.root_gb !== 0)
    throw bad('zero_disk', 'Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.');
  if (wanted.root_gb !== 0 && wanted.root_gb < minimum)
    throw bad(
      'disk_too_small',
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${wanted.root_gb * GIB} bytes, minimum size is ${minimum * GIB} bytes.`,
    );
}
