import { describe, expect, it } from 'vitest';
import { cachedAndFailed, hostsLeft } from './image-caching.js';

describe('images fetched beforehand', () => {
  it('are asked of hosts by name, each once, whoever joins or leaves meanwhile', () => {
    expect(hostsLeft(['h2', 'H3', 'h1'], undefined)).toEqual(['H3', 'h1', 'h2']);
    expect(hostsLeft(['h2', 'H0', 'h3', 'h1'], { after: 'h1', asked: 2, total: 3 })).toEqual(['h2', 'h3']);
    expect(hostsLeft(['h1'], { after: 'h1', asked: 1, total: 1 })).toEqual([]);
  });

  it.each([
    [{ a: 'cached', b: 'existing' }, ['a', 'b'], []],
    [{ a: 'error', b: 'unsupported' }, [], ['a', 'b']],
    [{ b: 'cached' }, ['b'], ['a']],
    ['skipped', [], ['a', 'b']],
  ] as const)('are there or not: %o', (found, cached, failed) => {
    expect(cachedAndFailed(['a', 'b'], found)).toEqual({ cached, failed });
  });
});
