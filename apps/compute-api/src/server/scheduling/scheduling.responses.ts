import { type Answers, fields, list, maybe } from '@kilonova/http';
import { count, seconds, shown, text, textOrNull } from '../../common/response-pieces.js';

const scheduling = fields({
  request_id: textOrNull,
  outcome: text,
  reason: textOrNull,
  created_at: seconds,
  refused: list(fields({ stage: text, rule: text, hosts: count })),
  verdicts: maybe(list({ type: 'object' })),
});

export const schedulingAnswers: Answers = {
  'GET /servers/:id/scheduling': shown(
    'How its hosts were chosen (an extension of Kilonova).',
    fields({ scheduling: list(scheduling) }),
  ),
};
