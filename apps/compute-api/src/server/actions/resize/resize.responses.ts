import type { Answers } from '@kilonova/http';
import { silent } from '../../../common/response-pieces.js';

export const resizeAnswers: Answers = { 'POST /servers/:id/action confirmResize': silent(204, 'It was accepted.') };
