import { type Answers, fields } from '@kilonova/http';
import { shown, text } from '../../../common/response-pieces.js';

export const consoleOutputAnswers: Answers = {
  'POST /servers/:id/action os-getConsoleOutput': shown('What the guest wrote to its console.', fields({ output: text })),
};
