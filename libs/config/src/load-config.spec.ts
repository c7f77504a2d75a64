import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, defineSection, environmentName, loadConfig, option } from './index.js';

const http = defineSection('http', {
  host: option.string({ default: '127.0.0.1', help: 'the address to listen on' }),
  port: option.port({ default: 8774, help: 'the port to listen on' }),
});
const database = defineSection('database', {
  url: option.secretUrl({ help: 'where the database is' }),
  poolSize: option.int({ default: 10, min: 1, max: 100, help: 'connections at most' }),
});

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'config.yaml');
  writeFileSync(path, text);
  return path;
};

describe('configuration', () => {
  it('takes flags over environment over file over defaults, and says which', () => {
    const config = loadConfig([http, database], {
      file: file('http: {port: 1, host: a}\ndatabase: {url: "postgres://u:secret@h/d"}\n'),
      env: { KILONOVA_HTTP_PORT: '2', KILONOVA_DATABASE_POOL_SIZE: '20' },
      overrides: { http: { port: 3 } },
    });
    expect(config.get(http)).toEqual({ host: 'a', port: 3 });
    expect(config.get(database).poolSize).toBe(20);
    const origins = Object.fromEntries(config.describe().map((setting) => [setting.name, setting.origin]));
    expect(origins).toEqual({ 'http.host': 'file', 'http.port': 'flag', 'database.url': 'file', 'database.poolSize': 'environment' });
  });

  it('never shows a secret', () => {
    const config = loadConfig([database], { env: { KILONOVA_DATABASE_URL: 'postgres://u:secret@h/d' } });
    expect(JSON.stringify(config.describe())).not.toContain('secret@');
    expect(config.describe()[0]?.value).toBe('postgres://u:***@h/d');
  });

  it('reads a secret from a file', () => {
    const path = file('postgres://h/d\n');
    expect(loadConfig([database], { overrides: { database: { urlFile: path } } }).get(database).url).toBe('postgres://h/d');
  });

  it('lists all faults at once', () => {
    const load = () => loadConfig([http, database], { file: file('http: {port: x, colour: red}\nother: {}\ndatabase: {poolSize: 0}\n') });
    expect(load).toThrow(ConfigError);
    try {
      load();
    } catch (error) {
      const { faults } = error as ConfigError;
      expect(faults.map((fault) => fault.replace(/^.*config\.yaml: /, '')).sort()).toEqual([
        'database.poolSize (file): must be from 1 to 100',
        'database.url: must be given (where the database is)',
        'http.port (file): must be a whole number',
        'unknown section other',
        'unknown setting http.colour',
      ]);
    }
  });

  it('names environment variables after section and key', () => {
    expect(environmentName('computeApi', 'maxLimit')).toBe('KILONOVA_COMPUTE_API_MAX_LIMIT');
  });
});
