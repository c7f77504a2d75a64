import { type Answers, byKey, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../../common/response-pieces.js';

export const serverAddressAnswers: Answers = {
  'GET /servers/:id/ips': shown('Its addresses by network.', fields({ addresses: byKey(noneYet) })),
  'GET /servers/:id/ips/:network': never,
};
