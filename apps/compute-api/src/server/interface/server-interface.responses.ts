import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../../common/response-pieces.js';

const PATH = '/servers/:id/os-interface';

export const serverInterfaceAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its network interfaces.', fields({ interfaceAttachments: noneYet })),
  [`POST ${PATH}`]: never,
  [`GET ${PATH}/:port`]: never,
  [`DELETE ${PATH}/:port`]: never,
};
