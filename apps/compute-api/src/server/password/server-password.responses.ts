import { type Answers, fields } from '@kilonova/http';
import { shown, silent, text } from '../../common/response-pieces.js';

export const serverPasswordAnswers: Answers = {
  'GET /servers/:id/os-server-password': shown('The encrypted password that it told.', fields({ password: text })),
  'DELETE /servers/:id/os-server-password': silent(204, 'The password is forgotten.'),
};
