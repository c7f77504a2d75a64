import { type Answers, byKey, fields, list, maybe } from '@kilonova/http';
import { count, links, next, orNull, seconds, shown, silent, text, textOrNull, word } from '../common/response-pieces.js';

const imageLinks = list(fields({ rel: word('self', 'bookmark', 'alternate'), type: maybe(text), href: text }));
const brief = { id: text, name: textOrNull, links: imageLinks };
const image = fields({
  ...brief,
  minRam: count,
  minDisk: count,
  metadata: byKey(text),
  created: orNull(seconds),
  updated: orNull(seconds),
  status: text,
  progress: count,
  'OS-EXT-IMG-SIZE:size': count,
  server: maybe(fields({ id: text, links })),
  'OS-DCF:diskConfig': maybe(word('AUTO', 'MANUAL')),
});
const metadata = fields({ metadata: byKey(text) });
const meta = fields({ meta: byKey(text) });
const METADATA = '/images/:id/metadata';

/** The proxy to the image service, of old. */
export const imageAnswers: Answers = {
  'GET /images': shown('Images, by name.', fields({ images: list(fields(brief)), images_links: maybe(next) })),
  'GET /images/detail': shown('Images, in full.', fields({ images: list(image), images_links: maybe(next) })),
  'GET /images/:id': shown('An image.', fields({ image })),
  'DELETE /images/:id': silent(204, 'The image is gone.'),
  [`GET ${METADATA}`]: shown("An image's metadata.", metadata),
  [`POST ${METADATA}`]: shown('All metadata that it has now.', metadata),
  [`PUT ${METADATA}`]: shown('The metadata that it has now.', metadata),
  [`GET ${METADATA}/:key`]: shown('One item.', meta),
  [`PUT ${METADATA}/:key`]: shown('The item as it is now.', meta),
  [`DELETE ${METADATA}/:key`]: silent(204, 'The item is gone.'),
};
