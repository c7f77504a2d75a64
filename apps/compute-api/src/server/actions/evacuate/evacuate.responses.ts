import type { Answers } from '@kilonova/http';
import { nil, textOrNull } from '../../../common/response-pieces.js';
import { trialShape } from '../../trial/trial.responses.js';

const trialSchema = trialShape.at(0);
const password = { type: 'object', properties: { adminPass: textOrNull }, additionalProperties: false };

export const evacuateAnswers: Answers = {
  'POST /servers/:id/action evacuate': [
    {
      status: 200,
      description:
        'It was accepted; up to 2.13 with the password that the guest will have. With ?dry_run=true: what would happen.',
      body: [
        { max: '2.13', schema: { anyOf: [password, trialSchema] } },
        { min: '2.14', schema: { anyOf: [nil, trialSchema] } },
      ],
    },
  ],
};
