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
  version: fields({
    ...brief,
    'media-types': list(fields({ base: text, type: text })),
    kilonova: maybe(fields({ version: text, min_version: text })),
  }),
});

/** Where clients begin: without a token. */
export const versionAnswers: Answers = {
  'GET /': shown('The versions of the API.', fields({ versions: list(fields(brief)) })),
  'GET /v2.1/': shown('The API and its microversions.', version),
  'GET /v2/': shown('The API without microversions.', version),
};

export const versionItemAnswers: Answers = { 'GET /versions/:id': shown('A version of the API.', version) };
