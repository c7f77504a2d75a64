import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { User } from '../model/directory.js';
import { unauthenticated } from '../model/errors.js';
import { HashPool } from './hashing/hash-pool.js';
import { PasswordHasher } from './hashing/password-hasher.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordLogin } from './password-login.service.js';

const pool = new HashPool({ atOnce: 2, waiting: 10 });
const derive = vi.spyOn(pool, 'derive');
const hasher = new PasswordHasher(pool);
const login = new PasswordLogin(hasher, new LoginThrottle({ free: 100, maxDelayMs: 1000 }, Date.now));
let user: User;

beforeAll(async () => {
  user = { id: 'u', password_hash: await hasher.hash('right') } as User;
});
afterAll(() => pool.close());

/** Derivations that a login costs. */
async function cost(succeeds: boolean, address = 'a', password = 'right'): Promise<number> {
  derive.mockClear();
  const proceed = (matches: boolean): boolean => {
    if (!succeeds || !matches) throw unauthenticated();
    return true;
  };
  await login.run({ reference: { id: 'u', password }, user, address }, proceed).catch(() => undefined);
  return derive.mock.calls.length;
}

it('L8: a right password is remembered for the address of a login that succeeded, and for no other', async () => {
  expect([await cost(false), await cost(false), await cost(true)]).toEqual([1, 1, 1]);
  expect([await cost(true), await cost(true, 'b'), await cost(true, 'a', 'wrong')]).toEqual([0, 1, 1]);
});
