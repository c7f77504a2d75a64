import { describe, expect, it } from 'vitest';
import { judgePattern } from './user-pattern.js';

describe('H1: what a client may search by', () => {
  it.each(['', 'web', '^web-1$', 'web.1', 'tempest-Server-1234', 'größe', '10.0.0.1'])('plain: %s', (pattern) => {
    expect(judgePattern(pattern)).toEqual({ outcome: 'plain' });
  });

  it.each([
    '^web.*$',
    'a|b',
    '[abc]+',
    '[]a]{3}',
    '[[:alpha:]]',
    '(?i)web.*',
    '(?:a|b)*',
    String.raw`\d+\.\w`,
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    String.raw`[\1]`,
    'a{',
    '(',
    ')',
    '[',
    '\\',
    '*',
  ])('to be tried: %s', (pattern) => {
    expect(judgePattern(pattern)).toEqual({ outcome: 'costly' });
  });

  it.each([
    'a'.repeat(256),
    '((a?){40}){40}',
    'a{255}a',
    'a{3,9999}',
    'a{9999,}',
    String.raw`(a+)\1`,
    String.raw`^(a+)(a+)(a+)(a+)(a+)(a+)\6\5\4\3\2\1$`,
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '***:a+',
    '***=a+',
    '(?x)a b+',
    '(?b)a*',
  ])('refused: %s', (pattern) => {
    expect(judgePattern(pattern)).toMatchObject({ outcome: 'refused' });
  });
});
