import { type Answers, fields, list } from '@kilonova/http';
import { bool, count, shown, text } from '../common/response-pieces.js';

const capacity = fields({
  flavor: text,
  total: count,
  is_complete: bool,
  hosts: list(fields({ host: text, availability_zone: text, count })),
  refused: list(fields({ stage: text, rule: text, hosts: count })),
  reason: text,
});

export const capacityAnswers: Answers = {
  'GET /os-capacity': shown('How many more servers of a flavor fit, and where (an extension of Kilonova).', fields({ capacity })),
};
