import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BoundedCache } from '@kilonova/util';

/** 16 MiB and some 50 ms for each guess (OWASP's smaller scrypt profile). */
const COST = { N: 16_384, r: 8, p: 1 };
const KEY_BYTES = 32;
const REMEMBER_MS = 300_000;
const REMEMBER_MAX = 1000;

const derive = (password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

/** Turns passwords into `scrypt$N$r$p$salt$key` and checks them; works in the thread pool, not in the event loop. */
export class PasswordHasher {
  readonly #memoryKey = randomBytes(KEY_BYTES);
  readonly #verified = new BoundedCache<string, string>(REMEMBER_MAX, REMEMBER_MS);
  readonly #decoy = this.hash(randomBytes(KEY_BYTES).toString('hex'));

  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const key = await derive(password, salt, COST);
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
  }

  /**
   * True when the password is the one behind the hash. A success is remembered for minutes (as a keyed digest, in memory),
   * so that a burst of logins costs one derivation. Without a hash the same time is spent, and the answer is false.
   */
  async verify(password: string, hash: string | null): Promise<boolean> {
    if (hash === null) {
      await this.#check(password, await this.#decoy);
      return false;
    }
    const memo = createHmac('sha256', this.#memoryKey).update(hash).update('\0').update(password).digest('base64');
    if (this.#verified.get(memo) === hash) return true;
    if (!(await this.#check(password, hash))) return false;
    this.#verified.set(memo, hash);
    return true;
  }

  async #check(password: string, hash: string): Promise<boolean> {
    const [scheme, N, r, p, salt, key] = hash.split('$');
    if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false;
    const expected = Buffer.from(key, 'base64');
    const actual = await derive(password, Buffer.from(salt, 'base64'), { N: Number(N), r: Number(r), p: Number(p) });
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }
}
