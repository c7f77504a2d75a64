import { type Answers, fields, list, maybe } from '@kilonova/http';
import { seconds, shown, text, word } from '../common/response-pieces.js';

const linked = list(fields({ rel: word('self', 'describedby'), type: maybe(text), href: text }));
const brief = {
  id: text,
  status: word('CURRENT', 'SUPPORTED'),
  version: text,
  min_version: text,
  updated: seconds,
  links: linked,
};
const version = fields({
  version: fields({ ...brief, 'media-types': list(fields({ base: text, type: text })) }),
});
const extension = fields({
  alias: text,
  description: text,
  links: list({}, { maxItems: 0 }),
  name: text,
  namespace: text,
  updated: text,
});

/** Where clients begin: without a token. */
export const versionAnswers: Answers = {
  'GET /': shown('The versions of the API.', fields({ versions: list(fields(brief)) })),
  'GET /v2.1/': shown('The API and its microversions.', version),
  'GET /v2/': shown('The API without microversions.', version),
};

export const extensionAnswers: Answers = {
  'GET /extensions': shown('The extensions of old, all of them part of the API.', fields({ extensions: list(extension) })),
  'GET /extensions/:id': shown('An extension of old.', fields({ extension })),
};
