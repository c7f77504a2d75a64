import { ANYONE, rule } from './base.js';

export const extensionsRules = [
  rule('os_compute_api:extensions', ANYONE, 'List extensions.', 'GET /extensions', 'GET /extensions/{id}'),
];
