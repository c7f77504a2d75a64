import type { ServerGroup } from '@kilonova/api-db';
import type { InstanceGroup } from '@kilonova/compute-objects';
import { NotificationEmitter, serverGroupPayload } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';

/** What outsiders hear of server groups. */
@Injectable()
export class ServerGroupNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
  ) {}

  created(ctx: Ctx, group: ServerGroup): Promise<void> {
    const facts = { server_group_id: group.uuid, name: group.name, policies: [group.policy] };
    return this.#tell(ctx, ['create', 'create'], group, facts);
  }

  deleted(ctx: Ctx, group: ServerGroup): Promise<void> {
    return this.#tell(ctx, ['delete', 'delete'], group, { server_group_id: group.uuid });
  }

  /** New servers became members, one after another. @param group with all of them */
  async joined(ctx: Ctx, group: InstanceGroup, uuids: readonly string[]): Promise<void> {
    const before = group.members.filter((uuid) => !uuids.includes(uuid));
    for (const [index, uuid] of uuids.entries()) {
      const members = [...before, ...uuids.slice(0, index + 1)];
      const facts = { server_group_id: group.uuid, instance_uuids: [uuid] };
      await this.#tell(ctx, ['add_member', 'addmember'], { ...group, members }, facts);
    }
  }

  #tell(ctx: Ctx, [versioned, legacy]: readonly [string, string], group: ServerGroup, facts: object): Promise<void> {
    return this.emitter.emit(ctx, {
      publisher: { service: 'servergroup', host: this.settings.api.host },
      versioned: { eventType: `server_group.${versioned}`, payload: () => serverGroupPayload({ ...group, hosts: [] }) },
      legacy: { eventType: `servergroup.${legacy}`, payload: () => facts },
    });
  }
}
