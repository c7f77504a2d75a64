import { type Answers, fields } from '@kilonova/http';
import { never, noneYet, shown } from '../common/response-pieces.js';

export const securityGroupAnswers: Answers = {
  'GET /os-security-groups': shown('None.', fields({ security_groups: noneYet })),
  'POST /os-security-groups': never,
  'GET /os-security-groups/:id': never,
  'PUT /os-security-groups/:id': never,
  'DELETE /os-security-groups/:id': never,
  'POST /os-security-group-rules': never,
  'DELETE /os-security-group-rules/:id': never,
};
