import { randomUUID } from 'node:crypto';
import { ConsoleTokenRepository } from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { type AppError, type Ctx, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';
import { tokenHash } from '../../console-auth-token/model/token-hash.js';
import { AskAgent } from '../core/ask-agent.service.js';
import { type Caller, serverNotFound } from '../core/server-locator.service.js';
import { CONSOLE_ACTIONS, consoleUrl, isOffered } from './model/console-pairs.js';

/** Opens consoles: the agent says where one is, a token for it is stored, and the caller gets the address with the token. */
@Injectable()
export class OpenConsole {
  constructor(
    private readonly askAgent: AskAgent,
    private readonly tokens: ConsoleTokenRepository,
    private readonly settings: ComputeSettings,
  ) {}

  /**
   * @returns the URL for a client of the type
   * @throws AppError 400 for a console that its host does not offer, and what `AskAgent` throws
   */
  async run(ctx: Ctx, caller: Caller, id: string, protocol: string, type: string): Promise<string> {
    if (!isOffered(protocol)) throw unavailable(type);
    const args = { protocol, type };
    const { found, told } = await this.askAgent.run(ctx, caller, id, CONSOLE_ACTIONS[protocol], messages.openConsole, args);
    if (told.outcome !== 'told') throw told.outcome === 'unavailable' ? unavailable(type) : invalidType(type);
    const { access_url_base, ...address } = told.console;
    const { uuid, host } = found.instance;
    const token = randomUUID();
    const row = {
      ...address,
      instance_uuid: uuid,
      console_type: type,
      token_hash: tokenHash(token),
      compute_host: host ?? '',
      ttl_seconds: this.settings.api.consoleTokenTtlSeconds,
    };
    if (!(await found.cell.run((sql) => this.tokens.add(sql, row)))) throw serverNotFound(uuid);
    return consoleUrl(access_url_base, type, token);
  }
}

const invalidType = (type: string): AppError => invalid('compute.console.type_invalid', `Invalid console type ${type}`);
const unavailable = (type: string): AppError => invalid('compute.console.unavailable', `Unavailable console type ${type}.`);
