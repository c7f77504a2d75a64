import { brokenSchemas } from '@kilonova/http';
import { expect, it } from 'vitest';
import { placementRoutes } from './routes.js';

it('every schema of a body or a query can be compiled', () => {
  expect(placementRoutes.length).toBeGreaterThan(20);
  expect(brokenSchemas(placementRoutes)).toEqual([]);
});
