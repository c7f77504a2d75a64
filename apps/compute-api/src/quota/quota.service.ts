import { ApiDatabase, QuotaLedgerRepository, QuotaLimitRepository, ServerGroupRepository } from '@kilonova/api-db';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { effectiveLimits } from './model/quota-arithmetic.js';
import { NETWORK_RESOURCES } from './model/quota-resources.js';

export type Amounts = Readonly<Record<string, number>>;

/** Resources that belong to networking: shown up to 2.35, limited by nobody unless an administrator wrote something down. */
const UNLIMITED: Amounts = Object.fromEntries(NETWORK_RESOURCES.map((resource) => [resource, -1]));

/** Limits in force and what is used of them, as administrators and projects see them. */
@Injectable()
export class QuotaService {
  constructor(
    private readonly database: ApiDatabase,
    private readonly stored: QuotaLimitRepository,
    private readonly ledger: QuotaLedgerRepository,
    private readonly groups: ServerGroupRepository,
    private readonly settings: ComputeSettings,
  ) {}

  /** @param userId null: of the project as a whole */
  async limits(projectId: string, userId: string | null): Promise<Amounts> {
    const stored = await this.stored.stored(await this.database.sql(), projectId, userId ?? '');
    const effective = effectiveLimits(stored, this.settings.quotas);
    return { ...UNLIMITED, ...(userId === null ? effective.project : effective.user) };
  }

  /** What holds for projects that nothing was set for. */
  async defaults(className = 'default'): Promise<Amounts> {
    return { ...UNLIMITED, ...this.settings.quotas, ...(await this.stored.classLimits(await this.database.sql(), className)) };
  }

  /** What a project, or one user in it, uses; resources that are only limited per item count as 0. */
  async usage(projectId: string, userId: string | null): Promise<Amounts> {
    const [servers, groups] = await Promise.all([
      this.ledger.usage(await this.database.sql(), projectId, userId ?? ''),
      this.groups.count(await this.database.sql(), projectId, userId ?? undefined),
    ]);
    return { ...(userId === null ? servers.project : servers.user), server_groups: groups };
  }

  /**
   * Sets limits of a project or of a user in it.
   * @param force also below what is used
   * @throws AppError 400 for a limit below usage, or a user's above the project's
   */
  async change(projectId: string, userId: string | null, limits: Amounts, force: boolean): Promise<void> {
    if (!force) await this.#check(projectId, userId, limits);
    await this.stored.set(await this.database.sql(), projectId, userId ?? '', limits);
  }

  async changeClass(className: string, limits: Amounts): Promise<void> {
    await this.stored.setClass(await this.database.sql(), className, limits);
  }

  async reset(projectId: string, userId: string | null): Promise<void> {
    await this.stored.reset(await this.database.sql(), projectId, userId ?? '');
  }

  async #check(projectId: string, userId: string | null, limits: Amounts): Promise<void> {
    const usage = await this.usage(projectId, userId);
    const ceiling = userId === null ? {} : await this.limits(projectId, null);
    for (const [resource, limit] of Object.entries(limits)) {
      const [minimum, maximum] = [usage[resource] ?? 0, ceiling[resource] ?? -1];
      if (limit >= 0 && limit < minimum) {
        const message = `Quota limit ${limit} for ${resource} must be greater than or equal to already used and reserved ${minimum}.`;
        throw invalid('compute.quota.below_usage', message);
      }
      if (maximum >= 0 && (limit > maximum || limit < 0)) {
        throw invalid(
          'compute.quota.above_project',
          `Quota limit ${limit} for ${resource} must be less than or equal to ${maximum}.`,
        );
      }
    }
  }
}
