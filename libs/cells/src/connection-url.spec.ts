import { describe, expect, it } from 'vitest';
import { maskUrl, resolveConnection } from './connection-url.js';

const secrets = (path: string): string => ({ '/run/db': 'p@ss/word\n' })[path] ?? '';

describe('a mapped URL', () => {
  it('takes secrets from files, escaped', () => {
    expect(resolveConnection('postgresql://u:{file:/run/db}@h/c1', secrets)).toBe('postgresql://u:p%40ss%2Fword@h/c1');
  });

  it('takes parts from the process’s own URL', () => {
    const base = 'postgresql://me:pw@db:5433/api?sslmode=require';
    expect(resolveConnection('{scheme}://{username}:{password}@{hostname}:{port}/{path}_cell1?{query}', secrets, base)).toBe(
      'postgresql://me:pw@db:5433/api_cell1?sslmode=require',
    );
  });

  it('is left alone without braces, and refused with them when there is nothing to take them from', () => {
    expect(resolveConnection('amqp://a:b@c/d', secrets)).toBe('amqp://a:b@c/d');
    expect(() => resolveConnection('amqp://{username}@h', secrets)).toThrow(
      expect.objectContaining({ code: 'cell.connection.no_base' }),
    );
  });

  it.each([
    ['amqp://u:secret@h/v', 'amqp://u:****@h/v'],
    ['postgresql://u:p%40x@h:1/d', 'postgresql://u:****@h:1/d'],
    ['memory://cell1', 'memory://cell1'],
    ['none:///', 'none:///'],
  ])('%s is shown as %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
  });
});
