import { type Answers, byKey, fields, list, maybe } from '@kilonova/http';
import { answer, count, location, shown, silent, text, textOrNull, uuid } from '../common/response-pieces.js';

const attachment = fields({ id: maybe(uuid), volumeId: maybe(uuid), serverId: maybe(uuid), device: maybe(text) });
const volume = fields({
  id: uuid,
  status: text,
  size: count,
  availabilityZone: textOrNull,
  createdAt: textOrNull,
  attachments: list(attachment, { minItems: 1, maxItems: 1 }),
  displayName: textOrNull,
  displayDescription: textOrNull,
  volumeType: textOrNull,
  snapshotId: textOrNull,
  metadata: byKey(text),
});
const snapshot = fields({
  id: uuid,
  volumeId: uuid,
  status: text,
  size: count,
  createdAt: textOrNull,
  displayName: textOrNull,
  displayDescription: textOrNull,
});
const volumes = shown("The project's volumes.", fields({ volumes: list(volume) }));
const snapshots = shown("The project's snapshots.", fields({ snapshots: list(snapshot) }));

/** The proxy to the volume service, of old. */
export const volumeAnswers: Answers = {
  'GET /os-volumes': volumes,
  'POST /os-volumes': [answer(200, 'It is being made.', fields({ volume }), { headers: { location } })],
  'GET /os-volumes/detail': volumes,
  'GET /os-volumes/:id': shown('A volume.', fields({ volume })),
  'DELETE /os-volumes/:id': silent(202, 'It is being deleted.'),
  'GET /os-snapshots': snapshots,
  'POST /os-snapshots': shown('It is being made.', fields({ snapshot })),
  'GET /os-snapshots/detail': snapshots,
  'GET /os-snapshots/:id': shown('A snapshot.', fields({ snapshot })),
  'DELETE /os-snapshots/:id': silent(202, 'It is being deleted.'),
};
