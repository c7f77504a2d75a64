import type { Flavor } from '@kilonova/compute-objects';
import { invalid } from '@kilonova/util';
import type { RequestedDevice } from './requested-devices.js';

/** Local disks beside the image's that a server may have. Source: Nova's `max_local_block_devices`, whose 3 count the image. */
const LOCAL_DISKS = 3;

const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0);

/** Whether the host's own disks fit the flavor. @throws AppError 400 in Nova's words */
export function checkLocalDisks(devices: readonly RequestedDevice[], flavor: Flavor, hasImage: boolean): void {
  const local = devices.filter(({ destination }) => destination === 'local');
  const swap = local.filter(({ guestFormat }) => guestFormat === 'swap');
  const ephemeral = local.filter(({ guestFormat }) => guestFormat !== 'swap');
  if (sum(ephemeral.map(({ size }) => size ?? flavor.ephemeral_gb)) > flavor.ephemeral_gb)
    throw invalid(
      'compute.server.ephemeral_too_big',
      'Ephemeral disks requested are larger than the instance type allows. If no size is given in one block device mapping, flavor ephemeral size will be used.',
    );
  if (swap.length > 1) throw invalid('compute.server.swap_twice', 'More than one swap drive requested.');
  if ((swap[0]?.size ?? 0) > flavor.swap)
    throw invalid('compute.server.swap_too_big', 'Swap drive requested is larger than instance type allows.');
  if (local.length + (hasImage ? 1 : 0) > LOCAL_DISKS)
    throw invalid(
      'compute.server.local_disks_over_limit',
      'Block Device Mapping is Invalid: You specified more local devices than the limit allows',
    );
}
