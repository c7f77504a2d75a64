import { inSpan, microversion, type VersionSpan } from '@kilonova/http';
import { describe, expect, it } from 'vitest';
import { placementRules } from '../policy/index.js';
import { placementRoutes } from './routes.js';
import { MAX_VERSION } from './versions.js';

const LAST = microversion(MAX_VERSION) % 1000;
const versions = Array.from({ length: LAST + 1 }, (_, minor) => microversion(`1.${minor}`));
const holding = (spans: readonly VersionSpan[], version: number): number => spans.filter((span) => inSpan(span, version)).length;
const title = (row: { method: string; path: string; min?: string }): string =>
  `${row.method} ${row.path} from ${row.min ?? '1.0'}`;

/** Rows that no rule guards ahead of the controller, and why. */
const UNGUARDED = new Map([
  ['GET / from 1.0', 'public'],
  ['GET /usages from 1.9', 'judged with the project as target'],
  ['DELETE /resource_providers/:uuid/inventories from 1.0', 'always 405'],
]);

describe('the route table', () => {
  it('has the rows that were counted when a row was last added', () => {
    expect(placementRoutes).toHaveLength(39);
  });

  it.each(placementRoutes.map((row) => [title(row), row] as const))('%s is guarded by a rule that exists', (name, row) => {
    const rules = placementRules.map((rule) => rule.name);
    if (UNGUARDED.has(name)) expect(row.policy).toBeUndefined();
    else expect(rules).toContain(row.policy);
  });

  it.each(placementRoutes.map((row) => [title(row), row] as const))(
    '%s has one schema for each version, or none at all',
    (_name, row) => {
      for (const schemas of [row.body, row.query]) {
        if (schemas === undefined) continue;
        for (const version of versions.filter((each) => inSpan(row, each)))
          expect(holding(schemas, version), `1.${version % 1000}`).toBe(1);
      }
    },
  );

  it('has at most one row for a method of a URL at any version', () => {
    const urls = new Set(placementRoutes.map((row) => `${row.method} ${row.path}`));
    for (const url of urls) {
      const rows = placementRoutes.filter((row) => `${row.method} ${row.path}` === url);
      for (const version of versions) expect(holding(rows, version), `${url} at 1.${version % 1000}`).toBeLessThanOrEqual(1);
    }
  });
});

describe('policy rules', () => {
  it('name operations that the route table has', () => {
    const rows = new Set(placementRoutes.map((row) => `${row.method} ${row.path.replaceAll(/:(\w+)/g, '{$1}')}`));
    for (const rule of placementRules) for (const operation of rule.operations ?? []) expect(rows).toContain(operation);
  });

  it('are 33 that guard something, and five that the others refer to', () => {
    expect(placementRules.filter((rule) => rule.operations !== undefined)).toHaveLength(33);
    expect(placementRules.filter((rule) => rule.operations === undefined)).toHaveLength(5);
  });
});
