import type { Answers } from '@kilonova/http';
import { nil, textOrNull } from '../../../common/response-pieces.js';

const password = { type: 'object', properties: { adminPass: textOrNull }, additionalProperties: false };

export const evacuateAnswers: Answers = {
  'POST /servers/:id/action evacuate': [
    {
      status: 200,
      description: 'It was accepted; up to 2.13 with the password that the guest will have.',
      body: [
        { max: '2.13', schema: password },
        { min: '2.14', schema: nil },
      ],
    },
  ],
};
