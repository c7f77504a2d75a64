import type { Ctx } from '@kilonova/util';
import type { ValidToken } from './token-document.js';

/** Tells who a token belongs to. */
export abstract class TokenValidator {
  /**
   * @returns undefined for a token that is not valid: unknown, expired, revoked
   * @throws AppError kind `dependency`, code `identity.unavailable`, when nobody can tell
   */
  abstract validate(token: string, ctx: Ctx): Promise<ValidToken | undefined>;
}
