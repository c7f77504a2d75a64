import { type ApiReply, type ApiRequest, noContent } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import type { AuthRequest } from '../model/auth-request.js';
import type { Service } from '../model/catalog.js';
import { malformed, missing, notAllowed } from '../model/errors.js';
import type { Token } from '../model/token.js';
import { Authenticate } from '../service/authenticate.service.js';
import { headerOf } from './principal.js';
import { tokenView } from './token.view.js';
import { CATALOG } from './tokens.js';

/** `/v3/auth/tokens` */
@Injectable()
export class TokenController {
  constructor(
    @Inject(Authenticate) private readonly authenticate: Authenticate,
    @Inject(CATALOG) private readonly catalog: readonly Service[],
  ) {}

  async create(request: ApiRequest<{ auth: AuthRequest }>): Promise<ApiReply> {
    const { text, token } = await this.authenticate.issue(request.body.auth, request.clientAddress);
    return { status: 201, body: this.#view(request, token), headers: { 'x-subject-token': text } };
  }

  show(request: ApiRequest): ApiReply {
    const token = this.#subject(request, 'validate_token');
    return {
      status: 200,
      body: this.#view(request, token),
      headers: { 'x-subject-token': headerOf(request.headers, 'x-subject-token') ?? '' },
    };
  }

  check(request: ApiRequest): ApiReply {
    this.#subject(request, 'validate_token');
    return { status: 200 };
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.authenticate.revoke(this.#subject(request, 'revoke_token'));
    return noContent();
  }

  #view(request: ApiRequest, token: Token): { token: Record<string, unknown> } {
    return { token: tokenView(token, request.query.has('nocatalog') ? undefined : this.catalog) };
  }

  /** The token that the request is about. @throws AppError 400 without one, 404 when void, 403 when somebody else's */
  #subject(request: ApiRequest, rule: string): Token {
    const text = headerOf(request.headers, 'x-subject-token');
    if (text === undefined) throw malformed('X-Subject-Token is missing.');
    const token = this.authenticate.lookUp(text);
    if (token === undefined) throw missing('token', 'the given one is not valid');
    if (!request.allows(`identity:${rule}`, { user_id: token.user.id })) throw notAllowed(`identity:${rule}`);
    return token;
  }
}
