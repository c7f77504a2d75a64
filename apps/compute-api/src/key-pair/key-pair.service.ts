import { ApiDatabase, type KeyPair, KeyPairRepository, QuotaLimitRepository } from '@kilonova/api-db';
import { AppError, type Ctx, conflict, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { effectiveLimits } from '../quota/model/quota-arithmetic.js';
import type { MadeKeyPair } from './key-pair.factory.js';
import { KeyPairNotifier } from './key-pair.notifier.js';

export const keyPairNotFound = (name: string, userId: string): AppError =>
  notFound('compute.key_pair.not_found', `Keypair ${name} not found for user ${userId}`);

/** Keeps users' key pairs, within their quota. */
@Injectable()
export class KeyPairService {
  constructor(
    private readonly database: ApiDatabase,
    private readonly keyPairs: KeyPairRepository,
    private readonly limits: QuotaLimitRepository,
    private readonly notifier: KeyPairNotifier,
    private readonly settings: ComputeSettings,
  ) {}

  /**
   * Asked before a key is made, which is dear; `store` asks again, exactly.
   * @throws AppError 409 when the user has one of that name, 403 when they have as many as they may
   */
  async requireRoom(ctx: Ctx, userId: string, name: string): Promise<void> {
    const sql = await this.database.sql();
    const limit = await this.#limit(ctx, userId);
    if ((await this.keyPairs.find(sql, userId, name)) !== undefined) throw duplicate(name);
    if (limit >= 0 && (await this.keyPairs.count(sql, userId)) >= limit) throw overQuota();
  }

  /** @throws AppError 409 when the user has one of that name, 403 when they have as many as they may. */
  async store(ctx: Ctx, made: MadeKeyPair): Promise<KeyPair> {
    const change = made.privateKey === undefined ? 'import' : 'create';
    const { keyPair: wanted } = made;
    const limit = await this.#limit(ctx, wanted.user_id);
    await this.notifier.tell(ctx, change, 'start', wanted);
    const creation = await this.keyPairs.create(await this.database.sql(), wanted, limit);
    if (creation.outcome === 'duplicate') throw duplicate(wanted.name);
    if (creation.outcome === 'over-quota') throw overQuota();
    await this.notifier.tell(ctx, change, 'end', creation.keyPair);
    return creation.keyPair;
  }

  async remove(ctx: Ctx, userId: string, name: string): Promise<void> {
    const keyPair = await this.keyPairs.find(await this.database.sql(), userId, name);
    if (keyPair === undefined) throw keyPairNotFound(name, userId);
    await this.notifier.tell(ctx, 'delete', 'start', keyPair);
    if (!(await this.keyPairs.remove(await this.database.sql(), userId, name))) throw keyPairNotFound(name, userId);
    await this.notifier.tell(ctx, 'delete', 'end', keyPair);
  }

  async #limit(ctx: Ctx, userId: string): Promise<number> {
    const stored = await this.limits.stored(await this.database.sql(), ctx.principal?.projectId ?? '', userId);
    return effectiveLimits(stored, this.settings.quotas).user.key_pairs;
  }
}

const duplicate = (name: string): AppError => conflict('compute.key_pair.duplicate', `Key pair '${name}' already exists.`);

const overQuota = (): AppError =>
  new AppError({ kind: 'quota', code: 'compute.quota.key_pairs', message: 'Quota exceeded, too many key pairs.' });
