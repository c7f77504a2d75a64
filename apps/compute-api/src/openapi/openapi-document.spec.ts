import { readFileSync } from 'node:fs';
import { holds, inSpan, keyOf, microversion, openApiDocument, successesOf } from '@kilonova/http';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { MAX_VERSION } from '../version/version-span.js';
import { apiReference, computeTables, type UpstreamRoutes } from './index.js';

const document = openApiDocument(computeTables);
const urls = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);
const operations = urls.flatMap(({ name, operation }) =>
  Object.entries(operation['x-actions'] ?? { '': operation }).map(([action, each]) => ({
    name: `${name} ${action}`.trim(),
    operation: each,
  })),
);
const LAST = microversion(MAX_VERSION) % 1000;
const minors = Array.from({ length: LAST }, (_, index) => index + 1);

it('describes each row of the route table, and no other', () => {
  const served = new Set(computeTables.routes.map(keyOf));
  expect(Object.keys(computeTables.answers).sort()).toEqual([...served].sort());
  expect(operations.map(({ name }) => name.replaceAll(/\{(\w+)\}/g, ':$1')).sort()).toEqual([...served].sort());
});

/** Many operations share bodies: each is compiled once, by one compiler, as a new one first compiles what schemas are. */
const ajv = new Ajv({ strict: false, logger: false, validateFormats: false });
const compiled = new Set<string>();
function compile(schema: object): void {
  const text = JSON.stringify(schema);
  if (!compiled.has(text)) ajv.compile(schema);
  compiled.add(text);
}

it.each(operations)('$name is described, and its schemas compile', ({ operation }) => {
  expect(operation.summary).toMatch(/^[A-Z].+\.$/);
  for (const parameter of operation.parameters) if ('schema' in parameter) compile(parameter.schema);
  for (const content of [
    operation.requestBody?.content,
    ...successesOf(operation.responses).map(([, { content: body }]) => body),
  ])
    if (content !== undefined) compile(content['application/json'].schema);
});

it.each(Object.entries(computeTables.answers))('%s succeeds at every microversion that has it, if ever', (key, ways) => {
  const rows = computeTables.routes.filter((row) => keyOf(row) === key);
  const versions = minors.map((minor) => 2000 + minor).filter((each) => rows.some((row) => inSpan(row, each)));
  const without = versions.filter((version) => ways.length > 0 && !ways.some((way) => inSpan(way, version)));
  const bodies = ways.map(({ body = [{ schema: {} }] }) => body);
  const unclear = versions.filter((version) => bodies.some((body) => body.filter((span) => inSpan(span, version)).length !== 1));
  expect({ without, unclear }).toEqual({ without: [], unclear: [] });
});

it('gives each operation an id of its own', () => {
  const ids = operations.map(({ operation }) => operation['operationId']);
  expect(new Set(ids).size).toBe(ids.length);
});

it('puts the actions of a URL into one operation, and each by itself beside', () => {
  const action = document.paths['/v2.1/os-aggregates/{id}/action']?.['post'];
  const bodies = action?.requestBody?.content['application/json'].schema['anyOf'] as { title: string }[];
  const titles = bodies.map(({ title }) => title);
  expect(titles).toContain(`add_host: 2.1 – ${MAX_VERSION}`);
  expect(Object.keys(action?.['x-actions'] ?? {})).toEqual(['add_host', 'remove_host', 'set_metadata']);
});

it('tells since when there are tags', () => {
  const content = document.paths['/v2.1/servers']?.['post']?.requestBody?.content['application/json'].schema['anyOf'] as {
    title: string;
    properties: { server: { properties: object } };
  }[];
  const at = (version: string) => content.find(({ title }) => holds(title, version))?.properties.server.properties;
  expect([Object.hasOwn(at('2.51') ?? {}, 'tags'), Object.hasOwn(at('2.52') ?? {}, 'tags')]).toEqual([false, true]);
});

it('is the page in the documentation, with what is not there yet', async () => {
  const upstream = JSON.parse(
    readFileSync(new URL('../../data/upstream-routes.json', import.meta.url), 'utf8'),
  ) as UpstreamRoutes;
  await expect(apiReference(document, upstream)).toMatchFileSnapshot('../../../../docs/compute-api.md');
});
