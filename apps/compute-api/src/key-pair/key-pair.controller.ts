import { ApiDatabase, KeyPairRepository } from '@kilonova/api-db';
import { type ApiReply, type ApiRequest, nextLink, ok, pageLimits } from '@kilonova/http';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { ComputeSettings } from '../common/settings.js';
import { KeyPairFactory } from './key-pair.factory.js';
import { KeyPairService, keyPairNotFound } from './key-pair.service.js';
import { keyPairCreated, keyPairDetail, keyPairSummary } from './key-pair.view.js';

interface CreateBody {
  readonly keypair: {
    readonly name: string;
    readonly type?: 'ssh' | 'x509';
    readonly public_key?: string;
    readonly user_id?: string;
  };
}

/** Key pairs of users. Administrators may name another user since 2.10. */
@Injectable()
export class KeyPairController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly keyPairs: KeyPairRepository,
    private readonly service: KeyPairService,
    private readonly factory: KeyPairFactory,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const user = userOf(request, request.query.get('user_id'));
    const pages = request.version >= Since.keyPairPaging;
    const page = pages
      ? pageLimits(request.query, this.settings.api.maxLimit)
      : { limit: this.settings.api.maxLimit, marker: undefined };
    if (page.marker !== undefined && (await this.keyPairs.find(await this.database.sql(), user, page.marker)) === undefined) {
      throw invalid('compute.key_pair.marker', `marker [${page.marker}] not found`);
    }
    const found = await this.keyPairs.list(await this.database.sql(), user, page.limit, page.marker);
    const last = found.at(-1);
    return ok({
      keypairs: found.map((keyPair) => ({ keypair: keyPairSummary(request, keyPair) })),
      ...(pages && last !== undefined && found.length === page.limit ? { keypairs_links: [nextLink(request, last.name)] } : {}),
    });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const user = userOf(request, request.query.get('user_id'));
    const name = request.params['id'] as string;
    const keyPair = await this.keyPairs.find(await this.database.sql(), user, name);
    if (keyPair === undefined) throw keyPairNotFound(name, user);
    return ok({ keypair: keyPairDetail(request, keyPair) });
  }

  async create(request: ApiRequest<CreateBody>): Promise<ApiReply> {
    const { name, type = 'ssh', public_key: publicKey, user_id: asked } = request.body.keypair;
    const user = userOf(request, asked ?? null);
    await this.service.requireRoom(request.ctx, user, name);
    const made =
      publicKey === undefined
        ? await this.factory.generated(user, name, type)
        : this.factory.imported(user, name, type, publicKey);
    const keyPair = await this.service.store(request.ctx, made);
    return {
      status: request.version >= Since.keyPairTypes ? 201 : 200,
      body: { keypair: keyPairCreated(request, keyPair, made.privateKey) },
    };
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const user = userOf(request, request.query.get('user_id'));
    await this.service.remove(request.ctx, user, request.params['id'] as string);
    return { status: request.version >= Since.keyPairTypes ? 204 : 202 };
  }
}

/** Whose key pairs are meant. @throws AppError 403 when the caller may not touch them. */
function userOf(request: ApiRequest, asked: string | null): string {
  const user = (request.version >= Since.keyPairsOfUsers && asked) || request.principal.userId;
  request.authorize(request.rule, { user_id: user });
  return user;
}
