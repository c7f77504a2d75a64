import { type ConsoleToken, ConsoleTokenRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { AppError, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { tokenHash } from './model/token-hash.js';

/** Tells proxies what a client's token opens. A token does not say which cell it is of, so all are asked at once. */
@Injectable()
export class ConsoleAuthTokenController {
  constructor(
    private readonly cells: CellRegistry,
    private readonly tokens: ConsoleTokenRepository,
  ) {}

  /** Up to 2.30 for RDP alone, which no host offers. */
  async show(request: ApiRequest): Promise<ApiReply> {
    const found = await this.#find(request.params['id'] as string);
    if (found === undefined) throw notFound('compute.console_token.not_found', 'Token not found');
    if (request.version < Since.allConsoleTokens) throw notAccessible();
    const { instance_uuid, host, port, internal_access_path } = found;
    return ok({ console: { instance_uuid, host, port, internal_access_path } });
  }

  /** A cell that does not answer is passed over: the token may be of another. */
  async #find(token: string): Promise<ConsoleToken | undefined> {
    const hash = tokenHash(token);
    const results = await this.cells.scatter((sql) => this.tokens.find(sql, hash));
    return results.flatMap((result) => (result.outcome === 'value' && result.value !== undefined ? [result.value] : []))[0];
  }
}

const notAccessible = (): AppError =>
  new AppError({
    kind: 'unauthenticated',
    code: 'compute.console_token.type',
    message: 'The requested console type details are not accessible',
  });
