import { ANYONE, rule } from '../common/base.rules.js';

export const extensionsRules = [
  rule('os_compute_api:extensions', ANYONE, 'List extensions.', 'GET /extensions', 'GET /extensions/{id}'),
];
