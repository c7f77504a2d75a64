import { ApiDatabase, type NewServerGroup, type ServerGroup, ServerGroupRepository } from '@kilonova/api-db';
import { NotificationEmitter, serverGroupPayload } from '@kilonova/notifications';
import { AppError, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { QuotaService } from '../quota/quota.service.js';

/** Keeps server groups within their project's quota, and tells outsiders of them. */
@Injectable()
export class ServerGroupService {
  constructor(
    private readonly database: ApiDatabase,
    private readonly groups: ServerGroupRepository,
    private readonly quotas: QuotaService,
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
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
    await this.#tell(ctx, 'create', created);
    return created;
  }

  /** False: it was not there any more. */
  async remove(ctx: Ctx, group: ServerGroup): Promise<boolean> {
    const removed = await this.groups.remove(await this.database.sql(), group.uuid);
    if (removed) await this.#tell(ctx, 'delete', group);
    return removed;
  }

  async #tell(ctx: Ctx, change: 'create' | 'delete', group: ServerGroup): Promise<void> {
    const { uuid, name, policy } = group;
    const facts = change === 'create' ? { server_group_id: uuid, name, policies: [policy] } : { server_group_id: uuid };
    await this.emitter.emit(ctx, {
      publisher: { service: 'servergroup', host: this.settings.api.host },
      versioned: { eventType: `server_group.${change}`, payload: () => serverGroupPayload({ ...group, hosts: [] }) },
      legacy: { eventType: `servergroup.${change}`, payload: () => facts },
    });
  }
}
