import { type Answers, byKey, fields, list, maybe, type Success } from '@kilonova/http';
import { count, links, never, next, orNull, seconds, shown, silent, text, textOrNull, word } from '../common/response-pieces.js';

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

/** There is no network service: what could be listed is empty. */
const none = (key: string): readonly Success[] => shown('None.', fields({ [key]: list({}, { maxItems: 0 }) }));

/** The proxy to the network service, of old. */
export const networkAnswers: Answers = {
  'GET /os-floating-ips': none('floating_ips'),
  'POST /os-floating-ips': never,
  'GET /os-floating-ips/:id': never,
  'DELETE /os-floating-ips/:id': never,
  'GET /os-floating-ip-pools': none('floating_ip_pools'),
  'GET /os-networks': none('networks'),
  'GET /os-networks/:id': never,
  'GET /os-tenant-networks': none('networks'),
  'GET /os-tenant-networks/:id': never,
  'GET /os-security-groups': none('security_groups'),
  'POST /os-security-groups': never,
  'GET /os-security-groups/:id': never,
  'PUT /os-security-groups/:id': never,
  'DELETE /os-security-groups/:id': never,
  'POST /os-security-group-rules': never,
  'DELETE /os-security-group-rules/:id': never,
  'POST /servers/:id/action addFloatingIp': never,
  'POST /servers/:id/action removeFloatingIp': never,
};
