import { randomBytes } from 'node:crypto';
import { type AuthRequest, findScope, findUser } from '../model/auth-request.js';
import type { User } from '../model/directory.js';
import { malformed, unauthenticated } from '../model/errors.js';
import { resolveToken, revokeToken, type Token, type TokenClaims } from '../model/token.js';
import type { DirectoryStore } from '../store/directory.store.js';
import type { PasswordHasher } from './password-hasher.js';
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
  readonly parentAuditIds: readonly string[];
}

const newAuditId = (): string => randomBytes(16).toString('base64url');

/** Gives out tokens, looks them up, takes them back. */
export class Authenticate {
  constructor(
    private readonly store: DirectoryStore,
    private readonly passwords: PasswordHasher,
    private readonly codec: TokenCodec,
    private readonly lifetimeMs: number,
    private readonly now: () => number,
  ) {}

  /** @throws AppError unauthenticated for wrong credentials or a scope without a role; invalid-input for an unknown method */
  async issue(request: AuthRequest): Promise<IssuedToken> {
    const proof = await this.#prove(request);
    const directory = this.store.current;
    const issuedAt = this.now();
    const claims = (scope: TokenClaims['scope']): TokenClaims => ({
      userId: proof.user.id,
      methods: proof.methods,
      scope,
      issuedAt,
      expiresAt: Math.min(issuedAt + this.lifetimeMs, proof.notAfter),
      auditIds: [newAuditId(), ...proof.parentAuditIds.slice(-1)],
    });
    const wanted = claims(findScope(directory, request.scope, proof.user));
    const token = resolveToken(directory, wanted, issuedAt) ?? this.#fallBack(request, claims({ kind: 'unscoped' }), issuedAt);
    if (token === undefined) throw unauthenticated();
    return { token, text: this.codec.encode(token.claims) };
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

  /** True when the password is that of the user. */
  passwordMatches(user: User, password: string): Promise<boolean> {
    return this.passwords.verify(password, user.password_hash);
  }

  /** A default project on which no role is left gives an unscoped token, as in Keystone. */
  #fallBack(request: AuthRequest, claims: TokenClaims, now: number): Token | undefined {
    return request.scope === undefined ? resolveToken(this.store.current, claims, now) : undefined;
  }

  async #prove({ identity }: AuthRequest): Promise<Proof> {
    if (identity.methods.includes('token') && identity.token !== undefined) return this.#proveByToken(identity.token.id);
    if (identity.methods.includes('password') && identity.password !== undefined)
      return this.#proveByPassword(identity.password.user);
    throw malformed(`Attempted to authenticate with an unsupported method: ${identity.methods.join(', ')}.`);
  }

  #proveByToken(text: string): Proof {
    const token = this.lookUp(text);
    if (token === undefined) throw unauthenticated();
    const { methods, expiresAt, auditIds } = token.claims;
    return { user: token.user, methods: [...new Set(['token', ...methods])], notAfter: expiresAt, parentAuditIds: auditIds };
  }

  async #proveByPassword(reference: NonNullable<AuthRequest['identity']['password']>['user']): Promise<Proof> {
    const user = findUser(this.store.current, reference);
    const matches = await this.passwords.verify(reference.password, user?.password_hash ?? null);
    if (user === undefined || !matches) throw unauthenticated();
    return { user, methods: ['password'], notAfter: Number.POSITIVE_INFINITY, parentAuditIds: [] };
  }
}
