import { type AppError, forbidden, invalid } from '@kilonova/util';
import type { Refused, Volume } from '@kilonova/volume-client';
import { Since } from '../../../common/model/microversion.js';

/** @throws AppError 400 for a volume that servers share, of a request that does not know of such */
export function checkSharing(volume: Volume, version: number): void {
  if (volume.multiattach && version < Since.multiattachVolumes)
    throw invalid(
      'compute.volume.multiattach_unsupported',
      'Multiattach volumes are only supported starting with compute API version 2.60.',
    );
}

/** The volume service's refusal as the answer to a request: 403 over its quota and for what it does not allow, else 400. */
export const refusedVolume = ({ reason, message }: Refused): AppError =>
  reason === 'over-quota' || reason === 'forbidden'
    ? forbidden(reason === 'forbidden' ? 'compute.volume.forbidden' : 'compute.volume.over_quota', message)
    : invalid('compute.volume.refused', `Invalid volume: ${message.replace(/^Invalid volume: /, '')}`);
