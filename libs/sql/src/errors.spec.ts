import { AppError } from '@kilonova/util';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';
import { describe, expect, test } from 'vitest';
import { asDependency, isConnectionFailure, isTransient, isUniqueViolation, retryTransient, sqlState } from './errors.js';

const answered = (code: string, constraint?: string): Error =>
  Object.assign(new pg.DatabaseError('text in any language', 20, 'error'), { code, constraint });

const viaTypeorm = (error: Error): Error => new QueryFailedError('SELECT 1', [], error);

const withCode = (code: string): Error => Object.assign(new Error('some text'), { code });

describe('SQLSTATE', () => {
  test.each([
    ['from the driver', answered('23505')],
    ['through TypeORM', viaTypeorm(answered('23505'))],
  ])('%s', (_, error) => {
    expect(sqlState(error)).toBe('23505');
    expect(isUniqueViolation(error)).toBe(true);
  });

  test('a code of Node is none', () => {
    expect(sqlState(withCode('EPIPE'))).toBeUndefined();
  });

  test('a unique violation may be asked for by constraint', () => {
    const error = viaTypeorm(answered('23505', 'uniq_name'));
    expect(isUniqueViolation(error, 'uniq_name')).toBe(true);
    expect(isUniqueViolation(error, 'other')).toBe(false);
  });
});

describe('failure of the connection', () => {
  test.each<[string, unknown, boolean]>([
    ['refused', withCode('ECONNREFUSED'), true],
    ['shut down by an administrator', viaTypeorm(answered('57P01')), true],
    ['a connection exception', answered('08006'), true],
    ['terminated, which the driver reports without code', viaTypeorm(new Error('terminated')), true],
    ['a duplicate key', viaTypeorm(answered('23505')), false],
    ['a value that does not fit', viaTypeorm(new RangeError('bigint')), false],
    ['any other error', new Error('bug'), false],
    ['no error at all', undefined, false],
  ])('%s', (_, error, expected) => {
    expect(isConnectionFailure(error)).toBe(expected);
  });

  test.each(['53200', '53300', '58030'])('M1: %s, for want of memory, connections or a disk, is one', (code) => {
    expect(asDependency(viaTypeorm(answered(code)))).toMatchObject({ kind: 'dependency', code: 'sql.database.unavailable' });
  });

  test('M1: a full disk is no lost connection: 507 with advice to come back', () => {
    expect(isConnectionFailure(answered('53100'))).toBe(false);
    const error = asDependency(viaTypeorm(answered('53100')));
    expect(error).toMatchObject({
      kind: 'dependency',
      code: 'storage.full',
      details: { httpStatus: 507 },
      retry: { laterMs: 30_000 },
    });
  });

  test('becomes a dependency error, and so does a statement timeout; others stay what they are', () => {
    expect(asDependency(withCode('ECONNREFUSED'))).toMatchObject({ kind: 'dependency', code: 'sql.database.unavailable' });
    expect(asDependency(answered('57014'))).toMatchObject({ kind: 'dependency', code: 'sql.database.timeout' });
    const duplicate = answered('23505');
    expect(asDependency(duplicate)).toBe(duplicate);
    const own = new AppError({ kind: 'conflict', code: 'a.b.c', message: 'x' });
    expect(asDependency(own)).toBe(own);
  });
});

describe('retryTransient', () => {
  const plan = { attempts: 3, baseMs: 1, capMs: 1 };
  const failing = (error: Error, times: number) => {
    let calls = 0;
    return async (): Promise<number> => {
      calls += 1;
      if (calls <= times) throw error;
      return calls;
    };
  };

  test.each(['40001', '40P01'])('runs again after %s', async (code) => {
    expect(isTransient(viaTypeorm(answered(code)))).toBe(true);
    await expect(retryTransient(failing(answered(code), 2), plan)).resolves.toBe(3);
  });

  test('gives up when the plan is spent', async () => {
    await expect(retryTransient(failing(answered('40P01'), 3), plan)).rejects.toMatchObject({ code: '40P01' });
  });

  test('does not repeat what would fail again', async () => {
    await expect(retryTransient(failing(answered('23505'), 1), plan)).rejects.toMatchObject({ code: '23505' });
  });
});
