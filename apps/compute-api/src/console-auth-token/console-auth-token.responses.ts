import { type Answers, fields } from '@kilonova/http';
import { integer, shown, text, textOrNull, uuid } from '../common/response-pieces.js';

const console = fields({ instance_uuid: uuid, host: text, port: integer, internal_access_path: textOrNull });

export const consoleAuthTokenAnswers: Answers = {
  'GET /os-console-auth-tokens/:id': shown('What it opens.', fields({ console })),
};
