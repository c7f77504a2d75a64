import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostnameFor, numbered } from './hostname.js';

describe('host names', () => {
  it.each([
    ['web', 'web'],
    ['My Server_1.example', 'my-server-1-example'],
    ['-.a.-', 'a'],
    ['äöü', 'Server-u'],
    ['', 'Server-u'],
  ])('%s becomes %s', (name, hostname) => {
    expect(hostnameFor(name, 'u')).toBe(hostname);
  });

  it('are what a guest can bear, whatever the name', () => {
    const bearable = /^(Server-u|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (name) => {
        expect(hostnameFor(name, 'u')).toMatch(bearable);
      }),
    );
  });

  it('are numbered when there are several', () => {
    expect([numbered('a', 0, 1), numbered('a', 1, 2)]).toEqual(['a', 'a-2']);
  });
});
