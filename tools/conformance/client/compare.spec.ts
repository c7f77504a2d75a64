import { describe, expect, it } from 'vitest';
import { bodyKeys, compareExchanges, compareOutputs, template } from './compare.mjs';

const exchange = (changes: object = {}) => ({
  service: 'nova',
  method: 'GET',
  path: '/v2.1/servers/1d88c2c7-a64c-4556-931b-4c390cc24f29?name=a',
  status: 200,
  resHeaders: { 'Content-Type': 'application/json', date: 'now' },
  resBody: { server: { id: 'x', links: [{ rel: 'self' }] } },
  ...changes,
});

const table = (rows: string) => ({ code: 0, output: `+--+\n| Field | Value |\n+--+\n${rows}\n+--+` });

describe('what differs between two clouds', () => {
  it('leaves ids, values of queries and numbers of polls aside', () => {
    expect(template(exchange().path)).toBe('/v2.1/servers/{id}?name');
    const other = exchange({ path: '/v2.1/servers/2e88c2c7-a64c-4556-931b-4c390cc24f29?name=b' });
    expect(compareExchanges([exchange()], [other, exchange()])).toEqual([]);
  });

  it('names members of lists by their list', () => {
    expect(bodyKeys(exchange().resBody)).toEqual(['.server', '.server.id', '.server.links', '.server.links[].rel']);
  });

  it.each([
    [{ status: 404 }, /200 is missing/],
    [{ resHeaders: { 'content-type': 'application/json', location: '/' } }, /headers: location is new/],
    [{ resBody: { server: { id: 'x', links: [] } } }, /body: .server.links\[\].rel is missing/],
    [{ path: '/v2.1/servers' }, /servers\/\{id\}\?name 200 is missing/],
  ])('tells %j', (changes, told) => {
    expect(compareExchanges([exchange()], [exchange(changes)]).join('\n')).toMatch(told);
  });

  it('compares exit codes, columns, and the values of states alone', () => {
    const recorded = table('| status | ACTIVE |\n| id | 1 |');
    expect(compareOutputs(recorded, table('| status | ACTIVE |\n| id | 2 |'))).toEqual([]);
    expect(compareOutputs(recorded, { ...table('| status | ERROR |\n| name | 1 |'), code: 1 })).toEqual([
      'exit code: 0 recorded, 1 now',
      'columns: id is missing',
      'columns: name is new',
      'states: status = ACTIVE is missing',
      'states: status = ERROR is new',
    ]);
  });
});
