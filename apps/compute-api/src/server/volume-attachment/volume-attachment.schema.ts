import type { JsonSchema } from '@kilonova/http';
import { bool, deviceTag, nullable, object, query, queryInt, text, uuid, versions, wrapped } from '../../common/schema-kit.js';

const volume = { volumeId: uuid, device: nullable(text(1)) };
const attachment = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  wrapped('volumeAttachment', object(properties, ['volumeId']));

/** POST /servers/{id}/os-volume_attachments. */
export const attachVolume = versions(
  ['2.1', attachment(volume)],
  ['2.49', attachment({ ...volume, tag: deviceTag })],
  ['2.79', attachment({ ...volume, tag: deviceTag, delete_on_termination: bool })],
);

const change = { device: nullable(text(1)), tag: deviceTag, delete_on_termination: bool, serverId: uuid, id: uuid };

/** PUT /servers/{id}/os-volume_attachments/{volume}. */
export const changeAttachment = versions(
  ['2.1', attachment({ volumeId: uuid })],
  ['2.85', attachment({ volumeId: uuid, ...change })],
);

const page = { limit: queryInt, offset: queryInt };

/** GET /servers/{id}/os-volume_attachments. */
export const listAttachments = versions(['2.1', query(page)], ['2.75', query(page, true)]);
