import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { apiDatabaseUrl, cellDatabaseUrl } from './manage-settings.js';

const folder = mkdtempSync(join(tmpdir(), 'kilonova-manage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const file = (text: string): string => {
  const path = join(folder, `${++made}.yaml`);
  writeFileSync(path, text);
  return path;
};

const CONDUCTOR =
  'conductor: {host: a}\napiDatabase: {url: "postgres://u:pw@h/api", poolSize: 7}\nmessaging: {url: "amqp://h"}\n';
const API = 'http: {port: 1}\napiDatabase: {url: "postgres://h/of_api"}\ncomputeApi: {host: a}\n';
const PLACEMENT = 'database: {url: "postgres://h/placement"}\nauth: {strategy: keystone}\n';
const CELL = 'conductor: {host: a}\ncell: {name: cell1, databaseUrl: "postgres://h/cell1"}\n';

describe('the API database of a management command', () => {
  it.each([
    ['a conductor', CONDUCTOR, 'postgres://u:pw@h/api'],
    ['the Compute API', API, 'postgres://h/of_api'],
  ])('is that of the file of %s', (_name, text, url) => {
    expect(apiDatabaseUrl({ config: file(text) }, {})).toBe(url);
  });

  it('is never that of placement, which has a section of the same name', () => {
    expect(() => apiDatabaseUrl({ config: file(PLACEMENT) }, {})).toThrow(/No API database/);
  });

  it('is not taken from the name of old, which is refused with the new one', () => {
    const old = file('database: {url: "postgres://h/of_api"}\ncomputeApi: {host: a}\n');
    expect(() => apiDatabaseUrl({ config: old }, {})).toThrow(/database\.url.*write apiDatabase\.url/);
  });

  it('is that of the environment before the file, whatever else is said there', () => {
    const env = { KILONOVA_API_DATABASE_URL: 'postgres://env/api', KILONOVA_API_DATABASE_POOL_SIZE: '9' };
    expect(apiDatabaseUrl({ config: file(CONDUCTOR) }, env)).toBe('postgres://env/api');
  });

  it('may be kept in a file as a secret', () => {
    const secret = file('postgres://h/secret\n');
    expect(apiDatabaseUrl({ config: file(`apiDatabase: {urlFile: ${secret}}`) }, {})).toBe('postgres://h/secret');
  });

  it('is that of a state folder, if a cloud was started there', () => {
    expect(() => apiDatabaseUrl({ stateDir: folder }, {})).toThrow(/no cloud was started/);
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config', 'manage.yaml'), 'apiDatabase: {url: "postgres://h/up"}\n');
    expect(apiDatabaseUrl({ stateDir: folder }, {})).toBe('postgres://h/up');
  });

  it('has to be PostgreSQL, in a file that can be read', () => {
    expect(() => apiDatabaseUrl({ config: file('apiDatabase: {url: "mysql://h/api"}') }, {})).toThrow(
      /must be a URL of postgres/,
    );
    expect(() => apiDatabaseUrl({ config: join(folder, 'none.yaml') }, {})).toThrow(/cannot be read/);
    expect(() => apiDatabaseUrl({ config: file('a: [') }, {})).toThrow(/cannot be read/);
  });
});

describe('the database of one cell', () => {
  it("is that of its conductor's file or of the environment", () => {
    expect(cellDatabaseUrl({ config: file(CELL) }, {})).toBe('postgres://h/cell1');
    expect(cellDatabaseUrl({}, { KILONOVA_CELL_DATABASE_URL: 'postgres://env/cell' })).toBe('postgres://env/cell');
    expect(() => cellDatabaseUrl({ config: file(CONDUCTOR) }, {})).toThrow(/No cell's database/);
  });
});
