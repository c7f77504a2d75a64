import { type Answers, fields, list } from '@kilonova/http';
import { shown, text } from '../common/response-pieces.js';

const extension = fields({
  alias: text,
  description: text,
  links: list({}, { maxItems: 0 }),
  name: text,
  namespace: text,
  updated: text,
});

export const extensionAnswers: Answers = {
  'GET /extensions': shown('The extensions of old, all of them part of the API.', fields({ extensions: list(extension) })),
  'GET /extensions/:id': shown('An extension of old.', fields({ extension })),
};
