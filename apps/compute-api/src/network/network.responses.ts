import { type Answers, fields, list, maybe } from '@kilonova/http';
import { nil, shown, text, uuid } from '../common/response-pieces.js';
import { UNTOLD, UNTOLD_TO_ADMINS } from './network.view.js';

const network = fields({
  id: uuid,
  label: text,
  ...Object.fromEntries(UNTOLD.map((key) => [key, nil])),
  ...Object.fromEntries(UNTOLD_TO_ADMINS.map((key) => [key, maybe(nil)])),
});
const tenantNetwork = fields({ id: uuid, label: text, cidr: text });

/** The proxy to the network service, of old. */
export const networkAnswers: Answers = {
  'GET /os-networks': shown('The networks that the project may use.', fields({ networks: list(network) })),
  'GET /os-networks/:id': shown('A network.', fields({ network })),
  'GET /os-tenant-networks': shown('The networks that the project may use.', fields({ networks: list(tenantNetwork) })),
  'GET /os-tenant-networks/:id': shown('A network.', fields({ network: tenantNetwork })),
};
