import {
  inSpan,
  type JsonSchema,
  microversion,
  openApiDocument,
  type SchemaVersion,
  successesOf,
  templated,
} from '@kilonova/http';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { placementRoutes } from '../routes.js';
import { placementAnswers } from '../schemas/responses/index.js';
import { MAX_VERSION } from '../versions.js';
import { placementTables } from './index.js';

const { paths } = openApiDocument(placementTables);
const LAST = microversion(MAX_VERSION) % 1000;
const versions = Array.from({ length: LAST + 1 }, (_, minor) => microversion(`1.${minor}`));
const rows = placementRoutes.filter((row) => row.handler !== 'removeAllTooEarly');
const successes = Object.entries(placementAnswers).flatMap(([key, ways]) =>
  ways.map((success) => ({ name: `${key} ${success.status}`, key, success })),
);

const ajv = new Ajv({ strict: false, formats: { uuid: true } });

/** The microversions that have a method of a URL. */
const versionsOfKey = (key: string): readonly number[] =>
  versions.filter((version) => rows.some((row) => `${row.method} ${row.path}` === key && inSpan(row, version)));

describe('the table of answers', () => {
  it('has the operations of the route table, and no other', () => {
    expect(Object.keys(placementAnswers).sort()).toEqual([...new Set(rows.map((row) => `${row.method} ${row.path}`))].sort());
  });

  it.each(Object.entries(placementAnswers))('%s succeeds at every microversion that has it, each status once', (key, ways) => {
    for (const version of versionsOfKey(key)) expect(ways.some((success) => inSpan(success, version))).toBe(true);
    expect(new Set(ways.map(({ status }) => status)).size).toBe(ways.length);
  });

  it.each(successes)('$name has one schema for each microversion, if it has a body', ({ key, success }) => {
    if (success.status === 200) expect(success.body).toBeDefined();
    if (success.status === 204) expect(success.body).toBeUndefined();
    if (success.body === undefined) return;
    for (const version of versionsOfKey(key).filter((each) => inSpan(success, each)))
      expect(holding(success.body, version), `1.${version % 1000}`).toBe(1);
  });

  it.each(successes)('$name tells all keys that there can be', ({ success }) => {
    for (const { schema } of success.body ?? []) {
      ajv.compile(schema);
      expect(openObjects(schema)).toEqual([]);
    }
  });
});

describe('the document', () => {
  it('has the statuses and headers of every operation', () => {
    for (const { key, success } of successes) {
      const [method = '', path = ''] = templated(key).split(' ');
      const response = new Map(successesOf(paths[path]?.[method.toLowerCase()]?.responses as never)).get(String(success.status));
      expect(response?.description, key).toBe(success.description);
      expect(Object.keys(response?.headers ?? {})).toEqual(['openstack-api-version', ...Object.keys(success.headers ?? {})]);
    }
  });

  it('tells the microversions of a status, and of each of its bodies', () => {
    const responses = paths['/resource_providers']?.['post']?.responses;
    const [shown, made] = [responses?.['200'], responses?.['201']];
    expect([made?.['x-microversions'], made?.content]).toEqual(['1.0 – 1.19', undefined]);
    expect(shown?.content?.['application/json'].schema['title']).toBe('1.20 – 1.39');
  });
});

const holding = (bodies: readonly SchemaVersion[], version: number): number =>
  bodies.filter((span) => inSpan(span, version)).length;

/** Objects inside a schema that let any key pass. */
function openObjects(schema: unknown): readonly JsonSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(openObjects);
  const { type, additionalProperties, maxProperties } = schema as JsonSchema;
  const open = type === 'object' && additionalProperties !== false && maxProperties !== 0;
  return open ? [schema as JsonSchema, ...inner] : inner;
}
