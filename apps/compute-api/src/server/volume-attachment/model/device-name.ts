import { freeDeviceName, ROOT_DEVICE } from '@kilonova/compute-objects';
import { invalid } from '@kilonova/util';

/** `/dev/vdb`, `sdc`, `/dev/xvda1`. Source: what Nova takes for the name of a disk. */
const DEVICE = /^(?:\/dev\/)?x{0,1}[a-z]{0,1}d{0,1}[a-z]+[0-9]*$/;

const FOLDER = '/dev/';

/**
 * Where a further disk of a server is seen.
 * @param wanted by the caller; null: the first that is free
 * @param taken names of the server's disks
 * @throws AppError 400 for what is no name of a disk, or another disk's
 */
export function deviceNameFor(wanted: string | null, taken: ReadonlyArray<string | null>): string {
  if (wanted === null || wanted === '') return freeDeviceName(taken);
  if (!DEVICE.test(wanted)) throw invalid('compute.volume.device_invalid', `The supplied device path (${wanted}) is invalid.`);
  const name = wanted.startsWith(FOLDER) ? wanted : `${FOLDER}${wanted}`;
  if (name === ROOT_DEVICE || taken.includes(name))
    throw invalid('compute.volume.device_in_use', `The supplied device path (${wanted}) is in use.`);
  return name;
}
