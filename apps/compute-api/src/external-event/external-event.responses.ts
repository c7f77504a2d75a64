import { type Answers, fields, list, maybe } from '@kilonova/http';
import { answer, integer, text, word } from '../common/response-pieces.js';

const event = fields({
  name: text,
  server_uuid: text,
  status: word('completed', 'failed', 'in-progress'),
  tag: maybe(text),
  code: integer,
});
const events = fields({ events: list(event) });

export const externalEventAnswers: Answers = {
  'POST /os-server-external-events': [
    answer(200, 'Every event was taken.', events),
    answer(207, 'Some events were not taken; each says which.', events),
  ],
};
