import { expect, it } from 'vitest';
import type { Route } from '../route.js';
import { brokenSchemas } from './broken-schemas.js';

it('names the route of a schema that cannot be compiled', () => {
  const route = (path: string, schema: object) =>
    ({ method: 'POST', path, handler: 'make', body: [{ schema }] }) as unknown as Route;
  const broken = brokenSchemas([route('/good', { type: 'object' }), route('/bad', { type: 'nonsense' })]);
  expect(broken).toEqual([expect.stringMatching(/^POST \/bad make: Error: schema is invalid/)]);
});
