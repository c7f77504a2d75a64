import { randomUUID } from 'node:crypto';
import { ApiDatabase, QuotaLedgerRepository, QuotaLimitRepository } from '@kilonova/api-db';
import { type Flavor, type Instance, messages } from '@kilonova/compute-objects';
import { castEnvelope, enqueueCast } from '@kilonova/messaging';
import { execute } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../../common/settings.js';
import { effectiveLimits, minus, requireRoom } from '../../../quota/model/quota-arithmetic.js';

/** After so many seconds what was taken for a resize is compared with the server: the request may have ended in between. */
const SETTLE_SECONDS = 60;

/**
 * Quota for servers that change their flavor. While a resize can be taken back a server counts as the larger of both; what
 * is taken here for one that is not accepted after all, whatever the reason, is given back by a message that is stored with it.
 */
@Injectable()
export class ResizeQuota {
  readonly #ledger = new QuotaLedgerRepository();
  readonly #limits = new QuotaLimitRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly settings: ComputeSettings,
  ) {}

  /** Whether there is room; nothing is taken. @throws AppError as `take` */
  async require({ flavor: old, project_id, user_id }: Instance, flavor: Flavor): Promise<void> {
    const more = moreOf(old, flavor);
    if (more.cores === 0 && more.ram === 0) return;
    const sql = await this.database.sql();
    const limits = effectiveLimits(await this.#limits.stored(sql, project_id, user_id), this.settings.quotas);
    const used = await this.#ledger.usage(sql, project_id, user_id);
    requireRoom(limits, used, more, { minCount: 1, maxCount: 1 });
  }

  /** @throws AppError 403 where project or user have no room for what the flavor has more */
  async take(ctx: Ctx, { uuid, flavor: old, project_id, user_id }: Instance, flavor: Flavor): Promise<void> {
    const more = moreOf(old, flavor);
    if (more.cores === 0 && more.ram === 0) return;
    await this.database.transaction(async (sql) => {
      const limits = effectiveLimits(await this.#limits.stored(sql, project_id, user_id), this.settings.quotas);
      const held = { cores: old.vcpus + more.cores, ram: old.memory_mb + more.ram };
      const after = await this.#ledger.change(sql, uuid, held);
      if (after !== undefined) requireRoom(limits, minus(after, more), more, { minCount: 1, maxCount: 1 });
      const settle = castEnvelope(ctx, messages.settleHolding, { topic: 'conductor' }, { instance_uuid: uuid }, randomUUID());
      await enqueueCast(sql, settle);
      await execute(sql, 'UPDATE outbox SET available_at = now() + make_interval(secs => $2) WHERE message_id = $1', [
        settle.messageId,
        SETTLE_SECONDS,
      ]);
    });
  }
}

/** What a server counts more with its new flavor, for as long as the old one is kept. */
const moreOf = (old: Flavor, flavor: Flavor) => ({
  instances: 0,
  cores: Math.max(0, flavor.vcpus - old.vcpus),
  ram: Math.max(0, flavor.memory_mb - old.memory_mb),
});
