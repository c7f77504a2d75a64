import type { Answers } from '@kilonova/http';
import { silent } from '../../common/response-pieces.js';

export const fixedIpAnswers: Answers = {
  'POST /servers/:id/action addFixedIp': silent(202, 'One of its ports has a further address.'),
  'POST /servers/:id/action removeFixedIp': silent(202, 'Its port has it no more.'),
};
