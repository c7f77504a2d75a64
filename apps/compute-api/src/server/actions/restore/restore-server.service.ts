import { ApiDatabase, QuotaLedgerRepository, QuotaLimitRepository } from '@kilonova/api-db';
import type { Instance } from '@kilonova/compute-objects';
import { type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ComputeSettings } from '../../../common/settings.js';
import { effectiveLimits, minus, requireRoom } from '../../../quota/model/quota-arithmetic.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { refuseAction } from '../../core/model/refuse-action.js';
import { type Caller, type ServerInCell, ServerLocator } from '../../core/server-locator.service.js';

/** How often a server is looked at again that changed while it was being restored. */
const TRIES = 5;
const ONE = { minCount: 1, maxCount: 1 } as const;

/** The server changed: what was taken of the quota is given back with the transaction. */
class Changed extends Error {
  override readonly name = 'Changed';
}

/**
 * Restores soft-deleted servers. They count against the quota again, so that there must be room; what they hold is locked
 * until their cell has accepted, so that a late word that they hold nothing comes before or after, never in between.
 */
@Injectable()
export class RestoreServer {
  readonly #limits = new QuotaLimitRepository();

  constructor(
    private readonly locator: ServerLocator,
    private readonly database: ApiDatabase,
    private readonly ledger: QuotaLedgerRepository,
    private readonly acceptAction: AcceptAction,
    private readonly settings: ComputeSettings,
  ) {}

  /** @throws AppError 404, 409 when the action table refuses it, 403 over quota, 503 when its cell is down. */
  async run(ctx: Ctx, caller: Caller, id: string): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const found = await this.locator.reach(caller, id);
      refuseAction('restore', found, caller.principal);
      if (found.where === 'cell' && (await this.#once(ctx, found))) return;
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast; try again.`);
  }

  async #once(ctx: Ctx, found: ServerInCell): Promise<boolean> {
    try {
      await this.database.transaction(async (sql) => {
        await this.#takeQuota(sql, found.instance);
        if (!(await this.acceptAction.accept(ctx, found, 'restore', {}))) throw new Changed();
      });
      return true;
    } catch (error) {
      if (error instanceof Changed) return false;
      throw error;
    }
  }

  async #takeQuota(sql: EntityManager, { uuid, project_id, user_id, flavor }: Instance): Promise<void> {
    if (await this.ledger.holds(sql, uuid)) return;
    const limits = effectiveLimits(await this.#limits.stored(sql, project_id, user_id), this.settings.quotas);
    const { vcpus, memory_mb } = flavor;
    const after = await this.ledger.hold(sql, { uuid, project_id, user_id, vcpus, memory_mb });
    const each = { instances: 1, cores: vcpus, ram: memory_mb };
    requireRoom(limits, minus(after, each), each, ONE);
  }
}
