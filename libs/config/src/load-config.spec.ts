import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ConfigError,
  defineSection,
  describeConfig,
  envName,
  loadConfig,
  option,
  provideSection,
  resilienceSection,
  sampleFile,
} from './index.js';

const http = defineSection('http', {
  host: option.string({ default: '127.0.0.1', help: 'The address to listen on.' }),
  port: option.port({ default: 8774, help: 'The port to listen on.' }),
  keepAliveSeconds: option.duration({ default: 80, min: 1, help: 'How long an idle connection is kept.' }),
  proxy: option.url({ optional: true, protocols: ['http', 'https'], help: 'Where requests come through.' }),
});
const database = defineSection('database', {
  url: option.secretUrl({ help: 'Where the database is.' }),
  poolSize: option.int({ default: 10, min: 1, max: 100, help: 'Connections at most.' }),
  password: option.secret({ optional: true, help: 'The password, when the URL has none.' }),
});

const file = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text);
  return path;
};

const faultsOf = (load: () => unknown): string[] => {
  try {
    load();
  } catch (error) {
    return (error as ConfigError).faults.map(({ where, fault }) => `${where}: ${fault}`).sort();
  }
  throw new Error('nothing was refused');
};

describe('configuration', () => {
  it('takes flags over environment over file over the caller over defaults, and says which', () => {
    const config = loadConfig({
      sections: [http, database],
      file: file('http: {port: 1, host: a}\ndatabase: {url: "postgres://u:secret@h/d"}\n'),
      env: { KILONOVA_HTTP_PORT: '2', KILONOVA_DATABASE_POOL_SIZE: '20' },
      flags: { 'http.port': '3' },
      defaults: { http: { host: 'b', keepAliveSeconds: 5 } },
    });
    expect(config.get(http)).toEqual({ host: 'a', port: 3, keepAliveSeconds: 5, proxy: undefined });
    expect(config.origin(http, 'port')).toBe('--http.port');
    expect(config.origin(http, 'keepAliveSeconds')).toBe('defaults of the caller');
    expect(config.origin(database, 'poolSize')).toBe('KILONOVA_DATABASE_POOL_SIZE');
    expect(Object.isFrozen(config.get(http))).toBe(true);
  });

  it('converts durations to the unit in the key and insists on one', () => {
    const at = (value: string) =>
      loadConfig({ sections: [http], env: { KILONOVA_HTTP_KEEP_ALIVE_SECONDS: value } }).get(http).keepAliveSeconds;
    expect([at('90'), at('2m'), at('1500ms')]).toEqual([90, 120, 1.5]);
    expect(() => defineSection('x', { wait: option.duration({ default: 1, help: '' }) })).toThrow('Seconds or Ms');
  });

  it('lists all faults at once', () => {
    const bad = file('http: {port: x, colour: red, proxy: "ftp://h"}\nother: {}\nstray: {a: 1}\ndatabase: {poolSize: 0}\n');
    expect(faultsOf(() => loadConfig({ sections: [http, database], file: bad, env: { KILONOVA_HTTP_PROT: '1' } }))).toEqual([
      'KILONOVA_HTTP_PROT: is no option of its section',
      'database.poolSize: must be at least 1, is 0',
      'database.url: is not set (URL)',
      'http.colour: is no option',
      'http.port: must be a whole number',
      'http.proxy: must be a URL of http, https, not ftp',
      'stray: is no section',
    ]);
  });

  it('refuses names of old, and says what to write', () => {
    const renamed = defineSection(
      'apiDatabase',
      {
        url: option.secretUrl({ optional: true, help: 'Where the database is.' }),
        poolSize: option.int({ default: 1, help: 'Connections at most.' }),
        waitSeconds: option.duration({ default: 1, help: 'How long it may take.' }),
      },
      undefined,
      { 'database.url': 'url', 'database.poolSize': 'poolSize', 'apiDatabase.waitMs': 'waitSeconds' },
    );
    const old = file('database: {urlFile: /run/url, poolSize: 3}\napiDatabase: {waitMs: 3}\n');
    const env = { KILONOVA_API_DATABASE_WAIT_MS: '7' };
    expect(faultsOf(() => loadConfig({ sections: [renamed], file: old, env }))).toEqual([
      'KILONOVA_API_DATABASE_WAIT_MS: is no option any more; set KILONOVA_API_DATABASE_WAIT_SECONDS',
      'apiDatabase.waitMs: is no option any more; write apiDatabase.waitSeconds',
      'database.poolSize: is no option any more; write apiDatabase.poolSize',
      'database.urlFile: is no option any more; write apiDatabase.urlFile',
    ]);
    expect(() => defineSection('x', {}, undefined, { 'x.a': 'b' })).toThrow('x.b');
  });

  it('leaves the sections of other services alone, also where names overlap', () => {
    const config = loadConfig({
      sections: [http],
      otherSections: ['httpProxy', 'cells'],
      file: file('cells: {a: 1}\n'),
      env: { KILONOVA_HTTP_PROXY_PORT: '1', KILONOVA_IMAGE_PORT: '2' },
    });
    expect(config.get(http).port).toBe(8774);
  });

  it('reads a secret from a file and never shows it', () => {
    const path = file('s3cret\n');
    const config = loadConfig({
      sections: [database],
      flags: { database: { url: 'postgres://u:pw@h/d' } },
      env: { KILONOVA_DATABASE_PASSWORD_FILE: path },
    });
    expect(config.get(database).password).toBe('s3cret');
    const shown = Object.fromEntries(describeConfig(config).map((line) => [line.key, line.value]));
    expect(shown).toEqual({ url: 'postgres://***@h/d', poolSize: '10', password: '***' });
  });

  it('faults a secret file that is not there', () => {
    const load = () => loadConfig({ sections: [database], env: { KILONOVA_DATABASE_URL_FILE: '/nowhere/x' } });
    expect(faultsOf(load).join()).toContain("database.urlFile: can't be read");
  });

  it('writes a sample file that loads to the defaults once uncommented', () => {
    const sample = sampleFile([resilienceSection, http]);
    const uncommented = sample.replace(/^ {2}# (\w+):(.*)$/gm, (line, key: string, value: string) =>
      value === '' ? line : `  ${key}:${value}`,
    );
    const config = loadConfig({ sections: [resilienceSection, http], file: file(uncommented), env: {} });
    expect(config.get(http)).toEqual(loadConfig({ sections: [http], env: {} }).get(http));
    expect(config.origin(resilienceSection, 'readAttempts')).toContain('file');
  });

  it('gives a section to Nest under its token, and names variables', () => {
    expect(provideSection(loadConfig({ sections: [http], env: {} }), http)).toMatchObject({
      provide: 'config:http',
      useValue: { port: 8774 },
    });
    expect(envName('computeApi', 'maxLimit')).toBe('KILONOVA_COMPUTE_API_MAX_LIMIT');
  });

  it('keeps the budget of waits: an attempt is shorter than a call', () => {
    const { attemptTimeoutSeconds, callTimeoutSeconds } = loadConfig({
      sections: [resilienceSection],
      env: {},
    }).get(resilienceSection);
    expect(attemptTimeoutSeconds).toBeLessThan(callTimeoutSeconds);
  });
});
