import { ApiDatabase, QuotaLimitRepository } from '@kilonova/api-db';
import type { Ctx, Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';
import { effectiveLimits } from '../../quota/model/quota-arithmetic.js';
import { ChangeServer } from '../core/change-server.service.js';
import type { Caller } from '../core/server-locator.service.js';
import { checkMetadata } from '../create/model/check-boot.js';

export type MetadataAction = 'updateMetadata' | 'deleteMetadata';
export type Metadata = Readonly<Record<string, string>>;

/** Changes of servers' metadata, within the quota. */
@Injectable()
export class ServerMetadata {
  constructor(
    private readonly changeServer: ChangeServer,
    private readonly database: ApiDatabase,
    private readonly settings: ComputeSettings,
    private readonly limits: QuotaLimitRepository,
  ) {}

  /** @param decide what the metadata becomes. @throws AppError 403 over quota, 409 locked or in a state that forbids it */
  async change(
    ctx: Ctx,
    caller: Caller,
    id: string,
    action: MetadataAction,
    decide: (present: Metadata) => Metadata,
  ): Promise<Metadata> {
    const limit = await this.#limit(caller.principal);
    const changed = await this.changeServer.run(ctx, caller, id, {
      action,
      decide: (instance) => {
        const metadata = decide(instance.metadata);
        checkMetadata(metadata, limit);
        return { metadata };
      },
    });
    return changed.instance.metadata;
  }

  async #limit({ projectId, userId }: Principal): Promise<number> {
    const stored = await this.limits.stored(await this.database.sql(), projectId ?? '', userId);
    return effectiveLimits(stored, this.settings.quotas).project.metadata_items;
  }
}
