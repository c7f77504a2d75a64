import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../../common/response-pieces.js';

const PATH = '/servers/:id/os-volume_attachments';

export const volumeAttachmentAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its volumes.', fields({ volumeAttachments: noneYet })),
  [`POST ${PATH}`]: never,
  [`GET ${PATH}/:volume`]: never,
  [`DELETE ${PATH}/:volume`]: never,
};
