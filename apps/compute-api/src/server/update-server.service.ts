import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ChangeServer } from './core/change-server.service.js';
import type { ServerFields } from './core/server-fields.repository.js';
import type { Caller, ServerInCell, ServerInRequest } from './core/server-locator.service.js';

/** What PUT may change. */
export type ServerChange = Pick<
  ServerFields,
  'display_name' | 'display_description' | 'hostname' | 'access_ip_v4' | 'access_ip_v6' | 'auto_disk_config'
>;

/** Renames and describes servers; locked ones too, as upstream does. */
@Injectable()
export class UpdateServer {
  constructor(private readonly changeServer: ChangeServer) {}

  run(ctx: Ctx, caller: Caller, id: string, change: ServerChange): Promise<ServerInCell | ServerInRequest> {
    return this.changeServer.run(ctx, caller, id, { action: 'update', decide: () => change });
  }
}
