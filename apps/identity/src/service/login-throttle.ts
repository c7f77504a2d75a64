import { BoundedCache } from '@kilonova/util';
import { tooMany } from '../model/errors.js';
import { afterFailure, type DelayRule, type LoginTally, NO_FAILURES } from '../model/login-tally.js';
import { networkOf } from '../model/network.js';

/** Who tries to log in, and from where. */
export interface Claimant {
  /** Id, or what was given as name where there is no such user: both are treated alike. */
  readonly user: string;
  readonly address: string;
}

/** Failures of a quarter of an hour ago are forgotten. */
const FORGET_MS = 900_000;
const TALLIES_MAX = 20_000;
/** An address serves several users, and a user is guessed at from several addresses: later than both together. */
const ADDRESS_FACTOR = 4;
const USER_FACTOR = 20;
/** Checks under way at once; more are refused. */
const USER_IN_HAND = 4;
const ADDRESS_IN_HAND = 8;
const IN_HAND_RETRY_MS = 1_000;

/**
 * Slows guessing down. Failures are counted for a user from an address, for an address, and for a user from anywhere,
 * each with a threshold of its own, so that a stranger's guesses hardly keep the true owner out.
 */
export class LoginThrottle {
  readonly #tallies: BoundedCache<string, LoginTally>;
  readonly #inHand = new Map<string, number>();

  /** @param now epoch milliseconds */
  constructor(
    private readonly rule: DelayRule,
    private readonly now: () => number,
  ) {
    this.#tallies = new BoundedCache(TALLIES_MAX, FORGET_MS, now);
  }

  /** @throws AppError quota (429) while this user is slowed down at this address */
  admit(claimant: Claimant): void {
    this.#refuseUntilOpen(pairKey(claimant));
  }

  /** Runs a check of a password, bounded for each user and address. @throws AppError quota (429) */
  async inTurn<T>(claimant: Claimant, check: () => Promise<T>): Promise<T> {
    const [user, address] = [userKey(claimant), addressKey(claimant)];
    this.#refuseUntilOpen(user);
    this.#refuseUntilOpen(address);
    if (this.#held(user) >= USER_IN_HAND || this.#held(address) >= ADDRESS_IN_HAND) throw tooMany(IN_HAND_RETRY_MS);
    this.#hold(user, 1);
    this.#hold(address, 1);
    try {
      return await check();
    } finally {
      this.#hold(user, -1);
      this.#hold(address, -1);
    }
  }

  failed(claimant: Claimant): void {
    const { free, maxDelayMs } = this.rule;
    this.#count(pairKey(claimant), { free, maxDelayMs });
    this.#count(addressKey(claimant), { free: free * ADDRESS_FACTOR, maxDelayMs });
    this.#count(userKey(claimant), { free: free * USER_FACTOR, maxDelayMs });
  }

  /** Forgives this user at this address; an address is not forgiven for a login of one of its users. */
  succeeded(claimant: Claimant): void {
    this.#tallies.delete(pairKey(claimant));
  }

  #count(key: string, rule: DelayRule): void {
    this.#tallies.set(key, afterFailure(this.#tallies.get(key) ?? NO_FAILURES, rule, this.now()));
  }

  #refuseUntilOpen(key: string): void {
    const waitMs = (this.#tallies.get(key)?.openAt ?? 0) - this.now();
    if (waitMs > 0) throw tooMany(waitMs);
  }

  #held(key: string): number {
    return this.#inHand.get(key) ?? 0;
  }

  #hold(key: string, change: number): void {
    const held = this.#held(key) + change;
    if (held === 0) this.#inHand.delete(key);
    else this.#inHand.set(key, held);
  }
}

const pairKey = ({ user, address }: Claimant): string => JSON.stringify([user, networkOf(address)]);
const addressKey = ({ address }: Claimant): string => `address ${networkOf(address)}`;
const userKey = ({ user }: Claimant): string => `user ${user}`;
