import { type Answers, fields, list } from '@kilonova/http';
import { byName } from '../common/by-name.js';
import { shown } from '../common/response-pieces.js';
import { absoluteLimits } from './limits.view.js';

const limits = byName((version) => Object.keys(absoluteLimits(version, {}, {})));

export const limitsAnswers: Answers = {
  'GET /limits': shown(
    'What a project may use, and uses.',
    fields({ limits: fields({ rate: list({}, { maxItems: 0 }), absolute: limits }) }),
  ),
};
