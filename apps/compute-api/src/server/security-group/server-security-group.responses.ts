import { type Answers, fields, list } from '@kilonova/http';
import { shown, silent } from '../../common/response-pieces.js';
import { securityGroupShape } from '../../security-group/security-group.responses.js';

export const serverSecurityGroupAnswers: Answers = {
  'GET /servers/:id/os-security-groups': shown('Its security groups.', fields({ security_groups: list(securityGroupShape) })),
  'POST /servers/:id/action addSecurityGroup': silent(202, 'Its ports are in the group.'),
  'POST /servers/:id/action removeSecurityGroup': silent(202, 'None of its ports is in the group.'),
};
