import type { Answers, Success } from '@kilonova/http';
import { location, nil, uuid } from '../../../common/response-pieces.js';

const image = { type: 'object', properties: { image_id: uuid }, required: ['image_id'], additionalProperties: false };

/** Up to 2.44 the address alone tells which image it is, and the body is empty. */
const made: Success = {
  status: 202,
  description: 'The image is there; its data follows.',
  headers: { location: { ...location, required: false, max: '2.44' } },
  body: [
    { max: '2.44', schema: nil },
    { min: '2.45', schema: image },
  ],
};

export const serverImageAnswers: Answers = {
  'POST /servers/:id/action createImage': [made],
  'POST /servers/:id/action createBackup': [made],
};
