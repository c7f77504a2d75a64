import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope, TokenClaims } from '../model/token.js';

/** Claims as they are signed: short names, as a token travels in a header of every request. */
interface Wire {
  readonly u: string;
  readonly m: readonly string[];
  /** `p:<id>`, `d:<id>`, `s` or empty. */
  readonly s: string;
  readonly i: number;
  readonly e: number;
  readonly a: readonly string[];
}

/** Longer texts are no tokens of ours and not worth a digest. */
const MAX_CHARS = 1024;

const scopeText = (scope: Scope): string => {
  if (scope.kind === 'project') return `p:${scope.id}`;
  if (scope.kind === 'domain') return `d:${scope.id}`;
  return scope.kind === 'system' ? 's' : '';
};

const scopeOf = (text: string): Scope => {
  if (text.startsWith('p:')) return { kind: 'project', id: text.slice(2) };
  if (text.startsWith('d:')) return { kind: 'domain', id: text.slice(2) };
  return text === 's' ? { kind: 'system' } : { kind: 'unscoped' };
};

/** Writes claims as an opaque URL-safe text, `<claims>.<HMAC-SHA256>`, and reads back only what it wrote itself. */
export class TokenCodec {
  constructor(private readonly key: Buffer) {}

  encode(claims: TokenClaims): string {
    const wire: Wire = {
      u: claims.userId,
      m: claims.methods,
      s: scopeText(claims.scope),
      i: claims.issuedAt,
      e: claims.expiresAt,
      a: claims.auditIds,
    };
    const body = Buffer.from(JSON.stringify(wire)).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  /**
   * Undefined for anything that was not signed with this key. Signatures are compared as texts: decoding forgives padding,
   * another alphabet and blanks, and a token would have any number of texts.
   */
  decode(text: string): TokenClaims | undefined {
    const [body, signature, rest] = text.length > MAX_CHARS ? [] : text.split('.');
    if (body === undefined || signature === undefined || rest !== undefined) return undefined;
    const given = Buffer.from(signature);
    const expected = Buffer.from(this.#sign(body));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const wire = JSON.parse(Buffer.from(body, 'base64url').toString()) as Wire;
    return { userId: wire.u, methods: wire.m, scope: scopeOf(wire.s), issuedAt: wire.i, expiresAt: wire.e, auditIds: wire.a };
  }

  #sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}
