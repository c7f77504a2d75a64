import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connections, urlOrFile } from './connections.js';

const URL_IN_FILE = 'amqp://u:from-file@h/v';
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'));
  file = join(folder, 'amqp');
  writeFileSync(file, `${URL_IN_FILE}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('L9: the servers of `up` need not be named on the command line', () => {
  it('L9: are taken from files, by an option or after an @, and from the environment', () => {
    const postgres = 'postgres://u:p@h/d';
    expect(connections({ amqpFile: file }, {}).amqp).toBe(URL_IN_FILE);
    expect(connections({ amqp: `@${file}` }, {}).amqp).toBe(URL_IN_FILE);
    expect(connections({}, { KILONOVA_UP_AMQP_FILE: file, KILONOVA_UP_POSTGRES: postgres })).toMatchObject({
      amqp: URL_IN_FILE,
      postgres,
    });
    expect(connections({}, {})).toEqual({});
  });

  it('the command line stands above the environment, whichever way either names one', () => {
    const env = { KILONOVA_UP_AMQP: 'amqp://env', KILONOVA_UP_AMQP_MANAGEMENT: 'http://env' };
    expect(connections({ amqpFile: file }, env)).toMatchObject({ amqp: URL_IN_FILE, amqpManagement: 'http://env' });
    expect(connections({ amqp: 'amqp://flag' }, { KILONOVA_UP_AMQP_FILE: '/nowhere' }).amqp).toBe('amqp://flag');
  });

  it.each([
    [{ amqp: 'http://u:s3cret@h' }, {}, /^--amqp must be a URL of amqp, amqps/],
    [{ amqpManagement: 'x:s3cret' }, {}, /^--amqp-management must be a URL/],
    [{ postgresFile: '/nowhere/x' }, {}, /^--postgres-file can't be read/],
    [{}, { KILONOVA_UP_POSTGRES: 'mysql://s3cret@h' }, /^KILONOVA_UP_POSTGRES must be a URL of postgres/],
    [{}, { KILONOVA_UP_AMPQ: 's3cret' }, /^KILONOVA_UP_AMPQ is no option/],
  ])('faults are told in the words of who gave them, without the value: %j %j', (flags, env, message) => {
    expect(() => connections(flags, env)).toThrow(message);
    expect(() => connections(flags, env)).not.toThrow(/s3cret/);
  });
});

it('a URL may lie in a file for any command', () => {
  expect(urlOrFile('--amqp', `@${file}`)).toBe(URL_IN_FILE);
  expect(urlOrFile('--amqp', 'amqp://x')).toBe('amqp://x');
  expect(() => urlOrFile('--amqp', '@/nowhere')).toThrow('--amqp: /nowhere cannot be read');
});
