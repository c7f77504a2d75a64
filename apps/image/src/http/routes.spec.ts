import { brokenSchemas } from '@kilonova/http';
import { expect, it } from 'vitest';
import { routes } from './routes.js';

it('every schema of a body or a query can be compiled', () => {
  expect(routes.length).toBeGreaterThan(5);
  expect(brokenSchemas(routes)).toEqual([]);
});
