import { AppError } from '@kilonova/util';
import type { Reference } from '../model/auth-request.js';
import type { User } from '../model/directory.js';
import type { PasswordHasher } from './hashing/password-hasher.js';
import type { Claimant, LoginThrottle } from './login-throttle.js';

/** A user as a login names them, with the password and the address it comes from. */
export interface PasswordClaim {
  readonly reference: Reference & { readonly password: string };
  /** Undefined when there is no such user, which costs as much as a wrong password. */
  readonly user: User | undefined;
  readonly address: string;
}

const claimantOf = ({ reference, user, address }: PasswordClaim): Claimant => ({
  user: user?.id ?? JSON.stringify([reference.id, reference.name, reference.domain]).slice(0, 300),
  address,
});

/** Logins with a password: checked in a bounded line, counted, slowed down after failures. */
export class PasswordLogin {
  constructor(
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * Checks the password and goes on with the result. When `proceed` refuses, the login has failed, whatever the password
   * was: a right one with which nobody got in counts, and costs, as much as a wrong one.
   * @throws AppError quota (429) with the time to wait; what `proceed` throws
   */
  async run<T>(claim: PasswordClaim, proceed: (matches: boolean) => T | Promise<T>): Promise<T> {
    const claimant = claimantOf(claim);
    const { password } = claim.reference;
    const hash = claim.user?.password_hash ?? null;
    this.throttle.admit(claimant);
    const matches =
      this.passwords.remembers(password, hash, claim.address) ||
      (await this.throttle.inTurn(claimant, () => this.passwords.verify(password, hash)));
    try {
      const result = await proceed(matches);
      this.throttle.succeeded(claimant);
      if (hash !== null) this.passwords.remember(password, hash, claim.address);
      return result;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unauthenticated') this.throttle.failed(claimant);
      throw error;
    }
  }
}
