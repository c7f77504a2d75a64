import type { InstanceNotifier } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import type { ServerFields } from '../store/server-fields.repository.js';
import { API_NOTIFIER } from '../tokens.js';
import { ChangeServer } from './change-server.service.js';
import type { Caller, ServerInCell, ServerInRequest } from './server-locator.service.js';

/** What PUT may change. */
export type ServerChange = Pick<
  ServerFields,
  'display_name' | 'display_description' | 'hostname' | 'access_ip_v4' | 'access_ip_v6' | 'auto_disk_config'
>;

/** Renames and describes servers; locked ones too, as upstream does. */
@Injectable()
export class UpdateServer {
  constructor(
    @Inject(ChangeServer) private readonly changeServer: ChangeServer,
    @Inject(API_NOTIFIER) private readonly notifier: InstanceNotifier,
  ) {}

  async run(ctx: Ctx, caller: Caller, id: string, change: ServerChange): Promise<ServerInCell | ServerInRequest> {
    const changed = await this.changeServer.run(ctx, caller, id, () => change);
    const { vm_state, task_state } = changed.instance;
    await this.notifier.update(ctx, changed.instance, { oldVmState: vm_state, oldTaskState: task_state });
    return changed;
  }
}
