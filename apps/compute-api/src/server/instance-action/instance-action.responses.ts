import { type Answers, fields, list, maybe, since } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { micros, microsOrNull, next, shown, text, textOrNull, uuid } from '../../common/response-pieces.js';

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

export const instanceActionAnswers: Answers = {
  'GET /servers/:id/os-instance-actions': shown(
    'What was asked of a server.',
    fields({ instanceActions: list(fields(action)), links: since(Since.actionPaging, maybe(next)) }),
  ),
  'GET /servers/:id/os-instance-actions/:request_id': shown(
    'One action and what came of it.',
    fields({ instanceAction: fields({ ...action, ...events }) }),
  ),
};
