import { microversion, openApiDocument } from '@kilonova/http';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { apiReference, placementTables } from './index.js';

const document = openApiDocument(placementTables);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

it('has an operation for each method of each URL, and no other', () => {
  const served = placementTables.routes
    .filter((row) => row.handler !== 'removeAllTooEarly')
    .map((row) => `${row.method} ${row.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort());
});

it.each(operations)('$name is described, and its schemas compile', ({ operation }) => {
  const ajv = new Ajv({ strict: false, formats: { uuid: true } });
  expect(operation.summary.length).toBeGreaterThan(5);
  for (const parameter of operation.parameters) if ('schema' in parameter) ajv.compile(parameter.schema);
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema !== undefined) ajv.compile(schema);
});

it('gives each operation an id of its own', () => {
  const ids = operations.map(({ operation }) => operation['operationId']);
  expect(new Set(ids).size).toBe(ids.length);
});

it('puts the bodies of all microversions side by side', () => {
  const { requestBody } = document.paths['/allocations/{consumer_uuid}']?.['put'] ?? {};
  const versions = requestBody?.content['application/json']?.schema['anyOf'] as { title: string }[];
  expect(versions.map(({ title }) => title)).toEqual([
    '1.0 – 1.7',
    '1.8 – 1.11',
    '1.12 – 1.27',
    '1.28 – 1.33',
    '1.34 – 1.37',
    '1.38 – 1.39',
  ]);
});

it('tells since when a parameter is there', () => {
  const parameters = document.paths['/allocation_candidates']?.['get']?.parameters ?? [];
  expect(parameters.find(({ name }) => name === 'same_subtree')?.description).toBe('Microversions 1.36 – 1.39.');
  expect(microversion(document.info.version)).toBe(1039);
});

it('is the page in the documentation', async () => {
  await expect(apiReference(document)).toMatchFileSnapshot('../../../../../docs/placement-api.md');
});
