import { type Answers, byKey, fields, list } from '@kilonova/http';
import { shown, text, word } from '../../common/response-pieces.js';

const addresses = list(fields({ version: word(4, 6), addr: text }));

export const serverAddressAnswers: Answers = {
  'GET /servers/:id/ips': shown('Its addresses by network.', fields({ addresses: byKey(addresses) })),
  'GET /servers/:id/ips/:network': shown('Its addresses in one network.', byKey(addresses)),
};
