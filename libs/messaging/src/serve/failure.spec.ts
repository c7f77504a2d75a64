import { AppError, conflict } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { isTransient, judgeFailure } from './failure.js';

const dependency = new AppError({ kind: 'dependency', code: 'x.y.z', message: 'down' });
const withCode = (code: string): Error => Object.assign(new Error('message'), { code });

describe('what becomes of a failed cast', () => {
  it.each<[string, unknown, 'retry' | 'dead']>([
    ['a failing dependency', dependency, 'retry'],
    ['a missed deadline', new AppError({ kind: 'deadline', code: 'x.y.z', message: 'late' }), 'retry'],
    [
      'a conflict that says "same again"',
      new AppError({ kind: 'conflict', code: 'x.y.z', message: 'generation', retry: 'same' }),
      'retry',
    ],
    [
      'a dependency that says "never"',
      new AppError({ kind: 'dependency', code: 'x.y.z', message: 'no', retry: 'never' }),
      'dead',
    ],
    ['a conflict', conflict('x.y.z', 'no'), 'dead'],
    ['a bug', new TypeError('undefined is not a function'), 'dead'],
    ['something that is no error', 'oops', 'dead'],
    ['a lost connection', withCode('ECONNRESET'), 'retry'],
    ['a deadlock', withCode('40P01'), 'retry'],
    ['a database that shuts down', withCode('57P01'), 'retry'],
    ['a broken unique constraint', withCode('23505'), 'dead'],
    ['a driver error in a wrapper', Object.assign(new Error('QueryFailedError'), { driverError: withCode('08006') }), 'retry'],
    [
      'a lost connection as cause of a bug',
      new AppError({ kind: 'bug', code: 'x.y.z', message: 'm', cause: withCode('EPIPE') }),
      'retry',
    ],
  ])('%s', (_name, error, verdict) => {
    expect(judgeFailure(error, 1, [10]).type).toBe(verdict);
  });

  it('takes the pauses one after the other, then gives up', () => {
    expect([1, 2, 3].map((attempt) => judgeFailure(dependency, attempt, [10, 20]))).toMatchObject([
      { type: 'retry', delayMs: 10 },
      { type: 'retry', delayMs: 20 },
      { type: 'dead' },
    ]);
  });

  it('follows a circle of causes no further than a few steps', () => {
    const circle = new Error('a');
    circle.cause = circle;
    expect(isTransient(circle)).toBe(false);
  });
});
