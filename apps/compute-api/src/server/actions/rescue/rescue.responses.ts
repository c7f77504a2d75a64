import { type Answers, fields, maybe } from '@kilonova/http';
import { shown, text } from '../../../common/response-pieces.js';

export const rescueAnswers: Answers = {
  'POST /servers/:id/action rescue': shown('It was accepted, with this password.', fields({ adminPass: maybe(text) })),
};
