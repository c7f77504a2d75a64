import type { ApiReply, ApiRequest } from '@kilonova/http';
import { conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refuseAction } from '../../core/model/refuse-action.js';
import { serverId } from '../../core/server-id.js';
import { ServerLocator } from '../../core/server-locator.service.js';

/** Only what was deleted with delay could be restored, and nothing is. */
@Injectable()
export class RestoreController {
  constructor(private readonly locator: ServerLocator) {}

  async restore(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.reach(request, serverId(request));
    refuseAction('restore', found, request.principal);
    throw conflict('compute.server.not_restorable', `Instance ${found.instance.uuid} cannot be restored.`);
  }
}
