import { type Answers, fields, list, maybe } from '@kilonova/http';
import { count, seconds, shown, text, textOrNull } from '../../common/response-pieces.js';

const scheduling = fields({
  request_id: textOrNull,
  outcome: text,
  reason: textOrNull,
  created_at: seconds,
  refused: list(fields({ stage: text, rule: text, hosts: count })),
  offered: maybe({ type: ['integer', 'null'] }),
  verdicts: maybe(list({ type: 'object' })),
  questions: maybe(list(fields({ query: text, offered: count, is_cut: { type: 'boolean' } }))),
  host: maybe(textOrNull),
  alternates: maybe(list(text)),
  best: maybe(list(fields({ host: text, weight: { type: 'number' }, weights: { type: 'object' } }))),
});

export const schedulingAnswers: Answers = {
  'GET /servers/:id/scheduling': shown(
    'How its hosts were chosen (an extension of Kilonova).',
    fields({ scheduling: list(scheduling) }),
  ),
};
