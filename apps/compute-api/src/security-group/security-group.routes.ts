import { type Route, route } from '@kilonova/http';
import { SecurityGroupController } from './security-group.controller.js';
import { securityGroup, securityGroupRule } from './security-group.schema.js';

const rule = (name: string): string => `os_compute_api:os-security-groups:${name}`;
const PATH = '/os-security-groups';
const ONE = '/os-security-groups/:id';
const RULES = '/os-security-group-rules';
const max = '2.35';

/** Gone since 2.36. */
export const securityGroupRoutes: readonly Route[] = [
  route({ method: 'GET', path: PATH, max, policy: rule('get') }, SecurityGroupController, 'index'),
  route({ method: 'POST', path: PATH, max, policy: rule('create'), body: securityGroup }, SecurityGroupController, 'create'),
  route({ method: 'GET', path: ONE, max, policy: rule('show') }, SecurityGroupController, 'show'),
  route({ method: 'PUT', path: ONE, max, policy: rule('update'), body: securityGroup }, SecurityGroupController, 'update'),
  route({ method: 'DELETE', path: ONE, max, policy: rule('delete') }, SecurityGroupController, 'delete'),
  route(
    { method: 'POST', path: RULES, max, policy: rule('rule:create'), body: securityGroupRule },
    SecurityGroupController,
    'createRule',
  ),
  route({ method: 'DELETE', path: `${RULES}/:id`, max, policy: rule('rule:delete') }, SecurityGroupController, 'deleteRule'),
];
