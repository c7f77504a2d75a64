import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BoundedCache } from '@kilonova/util';
import type { HashPool } from './hash-pool.js';

/** 16 MiB and some 50 ms for each guess (OWASP's smaller scrypt profile). */
const COST = { N: 16_384, r: 8, p: 1 };
const KEY_BYTES = 32;
const REMEMBER_MS = 300_000;
const REMEMBER_MAX = 1000;

/** Turns passwords into `scrypt$N$r$p$salt$key` and checks them; works in threads of its own, not in the event loop. */
export class PasswordHasher {
  readonly #memoryKey = randomBytes(KEY_BYTES);
  readonly #remembered = new BoundedCache<string, true>(REMEMBER_MAX, REMEMBER_MS);
  /** What a password is compared with where there is no user: as dear as a real one, and never equal. */
  readonly #decoy = [
    'scrypt',
    COST.N,
    COST.r,
    COST.p,
    randomBytes(16).toString('base64'),
    randomBytes(KEY_BYTES).toString('base64'),
  ];

  constructor(private readonly pool: Pick<HashPool, 'derive'>) {}

  /** @throws AppError quota (429) when too many wait */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const key = await this.pool.derive({ password, salt, keyBytes: KEY_BYTES, cost: COST });
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
  }

  /**
   * True when the password is the one behind the hash. Without a hash the same time is spent, and the result is false.
   * @throws AppError quota (429) when too many wait
   */
  async verify(password: string, hash: string | null): Promise<boolean> {
    const [scheme, N, r, p, salt, key] = hash === null ? this.#decoy : hash.split('$');
    if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false;
    const expected = Buffer.from(String(key), 'base64');
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const actual = await this.pool.derive({ password, salt: Buffer.from(String(salt), 'base64'), keyBytes: KEY_BYTES, cost });
    return actual.length === expected.length && timingSafeEqual(actual, expected) && hash !== null;
  }

  /**
   * Remembers for minutes, as a keyed digest in memory, that a login from this address succeeded with this password, so
   * that a burst of logins costs one derivation. Only for logins that have succeeded as a whole: else the shorter time
   * of the next one would confirm the password of a user who may not log in.
   */
  remember(password: string, hash: string, address: string): void {
    this.#remembered.set(this.#digest(password, hash, address), true);
  }

  /** True when a login from this address with this password succeeded minutes ago, and the password is still the same. */
  remembers(password: string, hash: string | null, address: string): boolean {
    return hash !== null && this.#remembered.get(this.#digest(password, hash, address)) === true;
  }

  #digest(password: string, hash: string, address: string): string {
    return createHmac('sha256', this.#memoryKey)
      .update(JSON.stringify([hash, address, password]))
      .digest('base64');
  }
}
