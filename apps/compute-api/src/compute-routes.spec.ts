import { brokenSchemas } from '@kilonova/http';
import { expect, it } from 'vitest';
import { computeRoutes } from './compute-routes.js';

it('every schema of a body or a query can be compiled', () => {
  expect(computeRoutes.length).toBeGreaterThan(100);
  expect(brokenSchemas(computeRoutes)).toEqual([]);
});
