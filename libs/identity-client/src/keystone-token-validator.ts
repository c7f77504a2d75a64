import { createHash } from 'node:crypto';
import type { RestClient, RestReply } from '@kilonova/rest-client';
import { AppError, BoundedCache, type Ctx, KeyedGate, steadyTime } from '@kilonova/util';
import type { ServiceSession } from './service-session.js';
import { leftOf, type TokenDocument, type ValidToken, validTokenOf } from './token-document.js';
import { TokenValidator } from './token-validator.js';

/** How long a token that was refused is refused without asking, milliseconds. */
const REFUSED_MS = 10_000;
const REFUSED_MAX = 1_000;
/** Texts that nobody here has seen, asked about at once; whoever makes up tokens waits for his own answers. */
const UNKNOWN = { concurrency: 8, queue: 1_000, waitMs: 10_000, apart: true };
/** Longer texts are no tokens: the identity service would refuse such a header itself, with a status that says nothing of the token. */
const MAX_CHARS = 4_096;

export interface TokenCacheOptions {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
}

type Answer = { readonly token: TokenDocument; readonly headers: RestReply['headers'] } | undefined;

/**
 * Validates against Keystone v3, with the service's own token. Answers are kept, by a hash of the token, for minutes but
 * never past its end; refusals for seconds and apart, so that made-up tokens can't push real ones out. However many
 * requests bring the same token, it is asked about once.
 */
export class KeystoneTokenValidator extends TokenValidator {
  readonly #valid: BoundedCache<string, ValidToken>;
  readonly #refused: BoundedCache<string, true>;
  readonly #asking = new Map<string, Promise<ValidToken | undefined>>();
  readonly #turns = new KeyedGate(UNKNOWN, 'unknown tokens');

  constructor(
    private readonly identity: Pick<RestClient, 'send'>,
    private readonly session: ServiceSession,
    cache: TokenCacheOptions,
    private readonly now: () => number = steadyTime,
  ) {
    super();
    this.#valid = new BoundedCache(cache.maxEntries, cache.maxAgeMs, now);
    this.#refused = new BoundedCache(REFUSED_MAX, REFUSED_MS, now);
  }

  async validate(token: string, ctx: Ctx): Promise<ValidToken | undefined> {
    if (token === '' || token.length > MAX_CHARS || /[^\x21-\x7e]/.test(token)) return undefined;
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.#valid.get(key);
    if (known !== undefined) return known;
    if (this.#refused.get(key) === true) return undefined;
    const asking = this.#asking.get(key) ?? this.#ask(key, token, ctx);
    this.#asking.set(key, asking);
    return asking;
  }

  /** Others may wait for the same answer, so it is not bound to this caller's deadline. */
  async #ask(key: string, token: string, ctx: Ctx): Promise<ValidToken | undefined> {
    try {
      const answer = await this.#turns.run('', () => this.#lookUp({ ...ctx, deadline: undefined }, token));
      if (answer === undefined) {
        this.#refused.set(key, true);
        return undefined;
      }
      const valid = validTokenOf(answer.token);
      const left = leftOf(answer.token.expires_at, answer.headers, this.now);
      if (left > 0) this.#valid.set(key, valid, left);
      return valid;
    } catch (error) {
      throw error instanceof AppError && error.kind === 'quota' ? error : unavailable(error);
    } finally {
      this.#asking.delete(key);
    }
  }

  /** Own token refused: log in again, once. */
  async #lookUp(ctx: Ctx, token: string): Promise<Answer> {
    const first = await this.#send(ctx, token);
    const reply = first.status === 401 ? await this.#send(ctx, token) : first;
    if (reply.status === 200) return { ...(reply.body as { token: TokenDocument }), headers: reply.headers };
    if (reply.status === 404) return undefined;
    throw new AppError({
      kind: 'dependency',
      code: 'identity.failed',
      message: `The identity service answered ${reply.status} to a token's validation.`,
    });
  }

  async #send(ctx: Ctx, token: string): Promise<RestReply> {
    const own = await this.session.token(ctx);
    const reply = await this.identity.send(ctx, {
      method: 'GET',
      path: '/auth/tokens',
      headers: { 'x-auth-token': own, 'x-subject-token': token },
    });
    if (reply.status === 401) this.session.discard(own);
    return reply;
  }
}

/** One code for all ways in which nobody can tell; the cause stays for the log. */
const unavailable = (error: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'identity.unavailable',
    message:
      `The identity service is unreachable, so the token cannot be checked. ${error instanceof AppError ? error.message : ''}`.trim(),
    cause: error,
  });
