import { type Answers, byKey, fields, list, maybe, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import * as piece from '../common/response-pieces.js';

const { count, microsOrNull, micros, shown, silent, text, textOrNull, uuid } = piece;

const metadata = fields({ metadata: byKey(text) });
const meta = fields({ meta: { ...byKey(text).at(0), minProperties: 1 } });
const tags = fields({ tags: list(text, { maxItems: 50 }) });
const action = {
  action: text,
  instance_uuid: uuid,
  request_id: text,
  user_id: textOrNull,
  project_id: textOrNull,
  start_time: micros,
  message: textOrNull,
  updated_at: since(Since.actionPaging, microsOrNull),
};
const event = fields({
  event: text,
  start_time: micros,
  finish_time: microsOrNull,
  result: textOrNull,
  traceback: maybe(textOrNull),
  hostId: since(Since.actionEventHosts, text),
  host: since(Since.actionEventHosts, maybe(textOrNull)),
  details: since(Since.actionEventDetails, maybe(textOrNull)),
});
/** Up to 2.50 events are for administrators. */
const events = { events: maybe(list(event)) };
const scheduling = fields({
  request_id: textOrNull,
  outcome: text,
  reason: textOrNull,
  created_at: piece.seconds,
  refused: list(fields({ stage: text, rule: text, hosts: count })),
  verdicts: maybe(list({ type: 'object' })),
});

const METADATA = '/servers/:id/metadata';
const TAGS = '/servers/:id/tags';

export const serverPartAnswers: Answers = {
  [`GET ${METADATA}`]: shown("A server's metadata.", metadata),
  [`POST ${METADATA}`]: shown('All metadata that it has now.', metadata),
  [`PUT ${METADATA}`]: shown('The metadata that it has now.', metadata),
  [`GET ${METADATA}/:key`]: shown('One item.', meta),
  [`PUT ${METADATA}/:key`]: shown('The item as it is now.', meta),
  [`DELETE ${METADATA}/:key`]: silent(204, 'The item is gone.'),
  [`GET ${TAGS}`]: shown("A server's tags.", tags),
  [`PUT ${TAGS}`]: shown('The tags that it has now.', tags),
  [`DELETE ${TAGS}`]: silent(204, 'It has no tags any more.'),
  [`GET ${TAGS}/:tag`]: silent(204, 'It has the tag.'),
  [`PUT ${TAGS}/:tag`]: [
    { status: 201, description: 'It has the tag now.', headers: { location: piece.location } },
    ...silent(204, 'It had the tag.'),
  ],
  [`DELETE ${TAGS}/:tag`]: silent(204, 'The tag is gone.'),
  'GET /servers/:id/os-instance-actions': shown(
    'What was asked of a server.',
    fields({ instanceActions: list(fields(action)), links: since(Since.actionPaging, maybe(piece.next)) }),
  ),
  'GET /servers/:id/os-instance-actions/:request_id': shown(
    'One action and what came of it.',
    fields({ instanceAction: fields({ ...action, ...events }) }),
  ),
  'GET /servers/:id/scheduling': shown(
    'How its hosts were chosen (an extension of Kilonova).',
    fields({ scheduling: list(scheduling) }),
  ),
};
