import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../common/response-pieces.js';

const none = shown('None.', fields({ networks: noneYet }));

/** The proxy to the network service, of old. */
export const networkAnswers: Answers = {
  'GET /os-networks': none,
  'GET /os-networks/:id': never,
  'GET /os-tenant-networks': none,
  'GET /os-tenant-networks/:id': never,
};
