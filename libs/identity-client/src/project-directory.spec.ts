import { AppError, type Ctx, systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { KeystoneProjectDirectory } from './project-directory.js';

type Send = ConstructorParameters<typeof KeystoneProjectDirectory>[0]['send'];

describe('a project', () => {
  const asked: Array<{ ctx: Ctx; path: string; token: string | undefined }> = [];
  const answering = (status: number) => {
    const send = (ctx: Ctx, { path, headers }: Parameters<Send>[1]) => {
      asked.push({ ctx, path, token: headers?.['x-auth-token'] });
      return Promise.resolve({ status, headers: {}, body: undefined });
    };
    return new KeystoneProjectDirectory({ send: send as Send }, () => 1_000);
  };
  const mayExist = (status: number, id = 'p') => answering(status).mayExist(systemCtx(), 'callers', id);

  it.each([
    [200, true],
    [404, false],
    [403, true],
    [401, true],
    [418, true],
  ])('of which the identity service says %i may exist: %s', async (status, expected) => {
    expect(await mayExist(status)).toBe(expected);
  });

  it('is asked about with the token of the caller, and not waited for longer than three seconds', async () => {
    asked.length = 0;
    await mayExist(200, 'a/../b');
    expect(asked).toMatchObject([{ path: '/projects/a%2F..%2Fb', token: 'callers', ctx: { deadline: 4_000 } }]);
    expect([await mayExist(200, '..'), await mayExist(200, '')]).toEqual([false, false]);
    expect(asked).toHaveLength(1);
  });

  it('may exist when nobody answers', async () => {
    const failing = (error: Error) =>
      new KeystoneProjectDirectory({ send: () => Promise.reject(error) }).mayExist(systemCtx(), 't', 'p');
    for (const kind of ['dependency', 'deadline'] as const)
      expect(await failing(new AppError({ kind, code: 'identity.unavailable', message: '' }))).toBe(true);
    await expect(failing(new TypeError('ours'))).rejects.toThrow('ours');
  });
});
