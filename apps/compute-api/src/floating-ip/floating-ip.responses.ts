import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../common/response-pieces.js';

export const floatingIpAnswers: Answers = {
  'GET /os-floating-ips': shown('None.', fields({ floating_ips: noneYet })),
  'POST /os-floating-ips': never,
  'GET /os-floating-ips/:id': never,
  'DELETE /os-floating-ips/:id': never,
  'GET /os-floating-ip-pools': shown('None.', fields({ floating_ip_pools: noneYet })),
};
