import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../../common/response-pieces.js';

export const serverSecurityGroupAnswers: Answers = {
  'GET /servers/:id/os-security-groups': shown('Its security groups.', fields({ security_groups: noneYet })),
  'POST /servers/:id/action addSecurityGroup': never,
  'POST /servers/:id/action removeSecurityGroup': never,
};
