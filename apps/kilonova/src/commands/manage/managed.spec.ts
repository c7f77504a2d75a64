import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tell, uuid } from './managed.js';

const printed = { out: '', error: '' };

const keep = (stream: keyof typeof printed) => (text: string | Uint8Array) => {
  printed[stream] += String(text);
  return true;
};

beforeEach(() => {
  Object.assign(printed, { out: '', error: '' });
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('error'));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('a management command', () => {
  it('prints its table and ends with 0', async () => {
    await tell(
      async () => ({ exitCode: 0, lines: ['a line'], value: 7 }),
      ({ value }) => `table of ${value}`,
    );
    expect(printed).toEqual({ out: 'table of 7\n', error: '' });
    expect(process.exitCode).toBe(0);
  });

  it('says why it failed, with the exit code of the reason', async () => {
    await tell(
      async () => ({ exitCode: 3, lines: ['it is elsewhere'], value: undefined }),
      () => 'table',
    );
    expect(printed.out).toBe('it is elsewhere\n');
    expect(process.exitCode).toBe(3);
  });

  it('ends with 255 for what nobody foresaw', async () => {
    await tell(() => Promise.reject(new Error('the database is away')));
    expect(printed).toEqual({ out: '', error: 'kilonova: the database is away\n' });
    expect(process.exitCode).toBe(255);
  });

  it('takes UUIDs only where one is wanted', () => {
    expect(uuid('00000000-0000-0000-0000-000000000000')).toMatch(/^0/);
    expect(() => uuid('cell1')).toThrow(/no UUID/);
  });
});
