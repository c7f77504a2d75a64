import { callMessage, resultOf, schema } from '@kilonova/util';
import type { ActionEvent } from './action-event.args.js';
import { DETAILS_LIMIT } from './schemas/instance.schema.js';

const { nameText, object, oneOf, optional, text, uuid } = schema;

const actionEvent = object<ActionEvent>({
  host: nameText(),
  instance_uuid: uuid,
  request_id: nameText(),
  event: nameText(),
  result: optional(oneOf(['Success', 'Error'])),
  details: optional(text(DETAILS_LIMIT)),
  traceback: optional(text(DETAILS_LIMIT)),
});

/** Agent → cell conductor; false when the action is unknown, or not the host's. */
export const startActionEvent = callMessage({
  name: 'action_event_start',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: actionEvent,
  result: resultOf<boolean>(),
});

/** Agent → cell conductor; false when the action is unknown, or not the host's. */
export const finishActionEvent = callMessage({
  name: 'action_event_finish',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: actionEvent,
  result: resultOf<boolean>(),
});
