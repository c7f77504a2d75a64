import { text } from '../common.js';
import { type Answers, shown } from './answer.js';
import { links, listOf, whole } from './pieces.js';

const versionNumber = { type: 'string', pattern: '^1\\.[0-9]+$' };
const version = whole({
  id: text,
  max_version: versionNumber,
  min_version: versionNumber,
  status: { type: 'string', enum: ['CURRENT'] },
  links: links('self'),
});

export const rootAnswers: Answers = {
  'GET /': [shown('The versions that are spoken.', [{ schema: whole({ versions: listOf(version) }) }])],
};
