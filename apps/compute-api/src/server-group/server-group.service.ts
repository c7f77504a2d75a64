import { ApiDatabase, type NewServerGroup, type ServerGroup, ServerGroupRepository } from '@kilonova/api-db';
import { AppError, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { QuotaService } from '../quota/quota.service.js';
import { ServerGroupNotifier } from './server-group.notifier.js';

/** Keeps server groups within their project's quota, and tells outsiders of them. */
@Injectable()
export class ServerGroupService {
  constructor(
    private readonly database: ApiDatabase,
    private readonly groups: ServerGroupRepository,
    private readonly quotas: QuotaService,
    private readonly notifier: ServerGroupNotifier,
  ) {}

  /** @throws AppError 403 when the project, or the user in it, has as many as it may. */
  async create(ctx: Ctx, group: NewServerGroup): Promise<ServerGroup> {
    const [project, user] = await Promise.all([
      this.quotas.limits(group.project_id, null),
      this.quotas.limits(group.project_id, group.user_id),
    ]);
    const limits = { project: project['server_groups'] ?? -1, user: user['server_groups'] ?? -1 };
    if (!(await this.groups.create(await this.database.sql(), group, limits))) {
      throw new AppError({
        kind: 'quota',
        code: 'compute.quota.server_groups',
        message: 'Quota exceeded, too many server groups.',
      });
    }
    const created = { ...group, members: [] };
    await this.notifier.created(ctx, created);
    return created;
  }

  /** False: it was not there any more. */
  async remove(ctx: Ctx, group: ServerGroup): Promise<boolean> {
    const removed = await this.groups.remove(await this.database.sql(), group.uuid);
    if (removed) await this.notifier.deleted(ctx, group);
    return removed;
  }
}
