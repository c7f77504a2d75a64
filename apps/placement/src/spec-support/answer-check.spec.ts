import { UndescribedAnswer } from '@kilonova/http';
import { expect, it } from 'vitest';
import { placementCheck } from './answer-check.js';

const UUID = '00000000-0000-4000-8000-000000000001';

interface Given {
  readonly version?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const answer = ({ version = '1.14', status = 200, headers = {}, body = '' }: Given) => ({
  status,
  headers: new Headers({ 'openstack-api-version': `placement ${version}`, 'content-type': 'application/json', ...headers }),
  body,
});

const fresh = { 'last-modified': 'Sat, 01 Aug 2026 10:00:00 GMT', 'cache-control': 'no-cache' };
const AGGREGATES = `/resource_providers/${UUID}/aggregates`;

it.each([
  ['a body as described', 'GET', AGGREGATES, { body: { aggregates: [UUID] } }],
  ['the body of a newer microversion', 'GET', AGGREGATES, freshAt('1.19', { aggregates: [], resource_provider_generation: 1 })],
  ['an empty success', 'DELETE', '/traits/CUSTOM_A', { status: 204 }],
  ['a URL with a query', 'GET', '/traits?name=startswith:HW', { body: { traits: ['HW_A'] } }],
  ['any error', 'GET', AGGREGATES, { status: 404, body: { anything: true } }],
  ['a URL beside the API', 'GET', '/healthcheck', { body: { anything: true } }],
])('%s passes', (_what, method, path, given: Given) => {
  expect(() => placementCheck.check(method, path, answer(given))).not.toThrow();
});

it.each([
  ['a key that is missing', 'GET', AGGREGATES, { body: {} }, "body must have required property 'aggregates'"],
  [
    'a key of a newer microversion',
    'GET',
    AGGREGATES,
    { body: { aggregates: [], resource_provider_generation: 1 } },
    'additional',
  ],
  [
    'a uuid without dashes',
    'GET',
    AGGREGATES,
    { body: { aggregates: [UUID.replaceAll('-', '')] } },
    'body/aggregates/0 must match',
  ],
  ['a header that is missing', 'GET', AGGREGATES, { version: '1.15', body: { aggregates: [] } }, 'last-modified is missing'],
  ['a header of newer ones', 'GET', AGGREGATES, { headers: fresh, body: { aggregates: [] } }, 'cache-control is of 1.15 – 1.39'],
  ['a status of newer ones', 'POST', '/resource_providers', { status: 200 }, 'the status is of 1.20 – 1.39'],
  ['another status', 'DELETE', '/traits/CUSTOM_A', { status: 200 }, 'there is no such status'],
  ['a body where there is none', 'DELETE', '/traits/CUSTOM_A', { status: 204, body: {} }, 'should be empty'],
  [
    'another type of body',
    'GET',
    AGGREGATES,
    { headers: { 'content-type': 'text/plain' }, body: '[]' },
    'the body is text/plain',
  ],
])('%s is told', (_what, method, path, given: Given, told) => {
  const check = () => placementCheck.check(method, path, answer(given));
  expect(check).toThrow(UndescribedAnswer);
  expect(check).toThrow(told);
  expect(check).toThrow(`${method} ${path} at ${given.version ?? '1.14'}`);
});

function freshAt(version: string, body: unknown): Given {
  return { version, headers: fresh, body };
}
