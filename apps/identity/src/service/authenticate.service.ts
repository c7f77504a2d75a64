import { randomBytes } from 'node:crypto';
import { type AuthRequest, findScope, findUser } from '../model/auth-request.js';
import type { User } from '../model/directory.js';
import { malformed, unauthenticated } from '../model/errors.js';
import { resolveToken, revokeToken, type Token, type TokenClaims } from '../model/token.js';
import type { DirectoryStore } from '../store/directory.store.js';
import type { PasswordLogin } from './password-login.service.js';
import type { TokenCodec } from './token-codec.js';

/** A token with the text that stands for it. */
export interface IssuedToken {
  readonly text: string;
  readonly token: Token;
}

/** Who a login proved to be, and what a token made from it inherits. */
interface Proof {
  readonly user: User;
  readonly methods: readonly string[];
  /** Epoch milliseconds; a token made from a token never outlives it. */
  readonly notAfter: number;
  /** Audit ids of the tokens it was made from, the nearest first. */
  readonly ancestors: readonly string[];
}

/** A token is made from a token at most so many times over; each ancestor's id travels in it, so that revoking one voids it. */
const MAX_ANCESTORS = 12;

const newAuditId = (): string => randomBytes(16).toString('base64url');

/** Gives out tokens, looks them up, takes them back. */
export class Authenticate {
  constructor(
    private readonly store: DirectoryStore,
    private readonly passwords: PasswordLogin,
    private readonly codec: TokenCodec,
    private readonly lifetimeMs: number,
    private readonly now: () => number,
  ) {}

  /**
   * @param address where the login comes from
   * @throws AppError unauthenticated for wrong credentials or a scope without a role; invalid-input for an unknown method;
   * quota (429) for too many logins
   */
  async issue(request: AuthRequest, address: string): Promise<IssuedToken> {
    const { methods, token, password } = request.identity;
    if (methods.includes('token') && token !== undefined) return this.#give(request, this.#proveByToken(token.id));
    if (!methods.includes('password') || password === undefined)
      throw malformed(`Attempted to authenticate with an unsupported method: ${methods.join(', ')}.`);
    const reference = password.user;
    const user = findUser(this.store.current, reference);
    return this.passwords.run({ reference, user, address }, (matches) => {
      if (user === undefined || !matches) throw unauthenticated();
      return this.#give(request, { user, methods: ['password'], notAfter: Number.POSITIVE_INFINITY, ancestors: [] });
    });
  }

  /** The token behind a text, if it is valid now. */
  lookUp(text: string | undefined): Token | undefined {
    const claims = text === undefined ? undefined : this.codec.decode(text);
    return claims && resolveToken(this.store.current, claims, this.now());
  }

  /** Voids a token and those made from it. */
  async revoke(token: Token): Promise<void> {
    await this.store.change((directory) => ({ directory: revokeToken(directory, token.claims, this.now()), result: undefined }));
  }

  #give(request: AuthRequest, proof: Proof): IssuedToken {
    const directory = this.store.current;
    const issuedAt = this.now();
    const claims = (scope: TokenClaims['scope']): TokenClaims => ({
      userId: proof.user.id,
      methods: proof.methods,
      scope,
      issuedAt,
      expiresAt: Math.min(issuedAt + this.lifetimeMs, proof.notAfter),
      auditIds: [newAuditId(), ...proof.ancestors],
    });
    const wanted = claims(findScope(directory, request.scope, proof.user));
    const token = resolveToken(directory, wanted, issuedAt) ?? this.#fallBack(request, claims({ kind: 'unscoped' }), issuedAt);
    if (token === undefined) throw unauthenticated();
    return { token, text: this.codec.encode(token.claims) };
  }

  /** A default project on which no role is left gives an unscoped token, as in Keystone. */
  #fallBack(request: AuthRequest, claims: TokenClaims, now: number): Token | undefined {
    return request.scope === undefined ? resolveToken(this.store.current, claims, now) : undefined;
  }

  #proveByToken(text: string): Proof {
    const token = this.lookUp(text);
    if (token === undefined || token.claims.auditIds.length > MAX_ANCESTORS) throw unauthenticated();
    const { methods, expiresAt, auditIds } = token.claims;
    return { user: token.user, methods: [...new Set(['token', ...methods])], notAfter: expiresAt, ancestors: auditIds };
  }
}
