import type { BlockDevice } from '@kilonova/compute-objects';
import { Since } from '../../common/model/microversion.js';

type Volume = BlockDevice & { readonly volume_id: string };
type Fields = Record<string, unknown>;

/** What a version tells of tags and of what becomes of the volume. */
const byVersion = ({ tag, delete_on_termination }: Volume, version: number): Fields => ({
  ...(version >= Since.deviceTagsShown ? { tag } : {}),
  ...(version >= Since.deleteOnTermination ? { delete_on_termination } : {}),
});

/** The answer to an attachment that begins. */
export const attachingView = (serverId: string, device: Volume, version: number): Fields => ({
  id: device.volume_id,
  serverId,
  volumeId: device.volume_id,
  device: device.device_name,
  ...byVersion(device, version),
});

/** An attachment as it is shown and listed. */
export const attachmentView = (serverId: string, device: Volume, version: number): Fields => ({
  ...(version >= Since.attachmentIds ? { attachment_id: device.attachment_id, bdm_uuid: device.uuid } : { id: device.volume_id }),
  serverId,
  volumeId: device.volume_id,
  ...(device.device_name === null ? {} : { device: device.device_name }),
  ...byVersion(device, version),
});
