import { type ApiReply, type ApiRequest, accepted, ownerOf } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { serverId } from '../../core/server-id.js';
import { LockServer } from './lock-server.service.js';
import { lockedBy } from './model/lock.js';

const OVERRIDE = 'os_compute_api:os-lock-server:unlock:unlock_override';

/** Locks servers, and unlocks them for those who may. */
@Injectable()
export class LockController {
  constructor(private readonly lockServer: LockServer) {}

  async lock(request: ApiRequest<{ readonly lock: { readonly locked_reason?: string } | null }>): Promise<ApiReply> {
    const reason = request.version >= Since.lockedReason ? (request.body.lock?.locked_reason ?? null) : null;
    await this.lockServer.lock(request.ctx, request, serverId(request), reason);
    return accepted();
  }

  async unlock(request: ApiRequest): Promise<ApiReply> {
    await this.lockServer.unlock(request.ctx, request, serverId(request), (instance) => {
      const isOwn = instance.locked_by === lockedBy(instance, request.principal);
      if (instance.locked && !isOwn) request.authorize(OVERRIDE, ownerOf(instance));
    });
    return accepted();
  }
}
