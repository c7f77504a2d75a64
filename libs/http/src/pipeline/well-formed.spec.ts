import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityStyle, imageStyle, novaStyle, placementStyle } from '../index.js';
import { validate } from '../schema/validator.js';
import { type ThingApp, thingApp } from '../spec-support/thing-app.js';

const styles = {
  nova: [novaStyle({ min: '2.1', max: '2.96' }), 404],
  placement: [placementStyle({ min: '1.0', max: '1.39' }), 405],
  identity: [identityStyle(), 405],
  image: [imageStyle(), 405],
} as const;

const named = (text: string): string => `{"thing":{"name":"${text}"}}`;

describe.each(Object.entries(styles))('what is not well formed, at an API of style %s', (_, [style, wrongMethod]) => {
  let running: ThingApp;
  beforeAll(async () => {
    running = await thingApp({ style });
  });
  afterAll(() => running.app.close());

  it.each([
    ['L1: NUL', named('a\\u0000b')],
    ['L1: NUL in a key', '{"a\\u0000":1}'],
    ['L1: half a surrogate pair', named('\\uD800')],
    ['L1: the other half', named('\\udc00x')],
    ['L3: lists in lists', named('x').replace('"x"', '['.repeat(1500) + ']'.repeat(1500))],
    ['L3: 65 objects', `${'{"thing":'.repeat(65)}1${'}'.repeat(65)}`],
    ['a number beyond a double', '{"thing":{"name":"a","size":1e999}}'],
    ['digits beyond a double', `{"thing":{"name":"a","size":${'9'.repeat(400)}}}`],
  ])('%s is 400', async (_what, body) => {
    for (const url of ['/things', '/tokens']) expect((await running.ask('POST', url, { body })).status).toBe(400);
  });

  it('L1: a body that is no UTF-8 is 400', async () => {
    const payload = Buffer.concat([Buffer.from('{"thing":{"name":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}}')]);
    const headers = { 'x-auth-token': 'good', 'content-type': 'application/json' };
    expect((await running.app.inject({ method: 'POST', url: '/things', headers, payload })).statusCode).toBe(400);
  });

  it.each(['/things/a%00b', '/things?a=%00', '/things?%00=a', '/search?limit=%ed%a0%80', '/things?a=%ff'])(
    'L1: GET %s is 400',
    async (url) => {
      expect((await running.ask('GET', url)).status).toBe(400);
    },
  );

  it('takes every other text', async () => {
    for (const text of ['�', '\\ud83c\\udf88', '🎈', '\\u0001', '\\\\u0000', '[[['.repeat(40), '1e99'])
      expect((await running.ask('POST', '/things', { body: named(text) })).status, text).toBe(202);
    expect((await running.ask('GET', '/things?a=%EF%BF%BD&b=%F0%9F%8E%88&c=%zz')).status).toBe(200);
  });

  it('knows no URL with an empty parameter, and no method beside those of the table', async () => {
    expect((await running.ask('GET', '/things/')).status).toBe(404);
    expect((await running.ask('POST', '/things//action', { body: { start: null } })).status).toBe(404);
    expect((await running.ask('DELETE', '/things')).status).toBe(wrongMethod);
  });
});

it('tells of a document with very many faults in little time and memory', () => {
  const schema = {
    type: 'array',
    items: { anyOf: [{ type: 'integer' }, { type: 'object', required: ['a'] }] },
  };
  const fault = validate(schema, Array(50_000).fill('x'));
  expect(fault?.keyword).toBe('anyOf');
});
