import { type Answers } from '@kilonova/http';
import { never } from '../../common/response-pieces.js';

export const serverTopologyAnswers: Answers = { 'GET /servers/:id/topology': never };
