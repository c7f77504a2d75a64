import type { JsonSchema } from '@kilonova/http';
import { bool, deviceTag, nullable, object, text, uuid, versions, wrapped } from '../../common/schema-kit.js';

const volume = { volumeId: uuid, device: nullable(text(1)) };
const attachment = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  wrapped('volumeAttachment', object(properties, ['volumeId']));

/** POST /servers/{id}/os-volume_attachments. */
export const attachVolume = versions(
  ['2.1', attachment(volume)],
  ['2.49', attachment({ ...volume, tag: deviceTag })],
  ['2.79', attachment({ ...volume, tag: deviceTag, delete_on_termination: bool })],
);
