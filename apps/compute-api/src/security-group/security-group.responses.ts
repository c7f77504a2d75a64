import { type Answers, fields, list } from '@kilonova/http';
import { integer, orNull, shown, silent, text, textOrNull, uuid } from '../common/response-pieces.js';

const rule = fields({
  id: uuid,
  parent_group_id: uuid,
  ip_protocol: textOrNull,
  from_port: orNull(integer),
  to_port: orNull(integer),
  group: { type: 'object', properties: { name: text, tenant_id: text }, additionalProperties: false },
  ip_range: { type: 'object', properties: { cidr: text }, additionalProperties: false },
});

/** A security group, as of old. */
export const securityGroupShape = fields({ id: uuid, name: text, description: text, tenant_id: text, rules: list(rule) });

const one = fields({ security_group: securityGroupShape });

export const securityGroupAnswers: Answers = {
  'GET /os-security-groups': shown("The project's security groups.", fields({ security_groups: list(securityGroupShape) })),
  'POST /os-security-groups': shown('The new group.', one),
  'GET /os-security-groups/:id': shown('A security group.', one),
  'PUT /os-security-groups/:id': shown('As it is now.', one),
  'DELETE /os-security-groups/:id': silent(202, 'It is gone.'),
  'POST /os-security-group-rules': shown('The new rule.', fields({ security_group_rule: rule })),
  'DELETE /os-security-group-rules/:id': silent(202, 'It is gone.'),
};
