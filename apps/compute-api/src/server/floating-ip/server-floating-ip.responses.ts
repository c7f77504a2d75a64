import { type Answers } from '@kilonova/http';
import { never } from '../../common/response-pieces.js';

export const serverFloatingIpAnswers: Answers = {
  'POST /servers/:id/action addFloatingIp': never,
  'POST /servers/:id/action removeFloatingIp': never,
};
