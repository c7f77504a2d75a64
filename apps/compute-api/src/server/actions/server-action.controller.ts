import { type ApiReply, type ApiRequest, accepted, ownerOf } from '@kilonova/http';
import { conflict } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { AcceptAction } from '../core/accept-action.service.js';
import { refuseAction } from '../core/model/refuse-action.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { LockServer } from './lock/lock-server.service.js';
import { lockedBy } from './lock/model/lock.js';
import { ResetServerState } from './reset-state/reset-server-state.service.js';

const OVERRIDE = 'os_compute_api:os-lock-server:unlock:unlock_override';

/** Actions on servers: what agents carry out, and what the API does by itself. */
@Injectable()
export class ServerActionController {
  constructor(
    @Inject(AcceptAction) private readonly acceptAction: AcceptAction,
    @Inject(LockServer) private readonly lockServer: LockServer,
    @Inject(ResetServerState) private readonly resetServerState: ResetServerState,
    @Inject(ServerLocator) private readonly locator: ServerLocator,
  ) {}

  async start(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, idOf(request), 'start', {});
    return accepted();
  }

  async stop(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, idOf(request), 'stop', { clean_shutdown: true });
    return accepted();
  }

  async lock(request: ApiRequest<{ readonly lock: { readonly locked_reason?: string } | null }>): Promise<ApiReply> {
    const reason = request.version >= Since.lockedReason ? (request.body.lock?.locked_reason ?? null) : null;
    await this.lockServer.lock(request.ctx, request, idOf(request), reason);
    return accepted();
  }

  async unlock(request: ApiRequest): Promise<ApiReply> {
    await this.lockServer.unlock(request.ctx, request, idOf(request), (instance) => {
      const isOwn = instance.locked_by === lockedBy(instance, request.principal);
      if (instance.locked && !isOwn) request.authorize(OVERRIDE, ownerOf(instance));
    });
    return accepted();
  }

  async resetState(request: ApiRequest<{ readonly 'os-resetState': { readonly state: 'active' | 'error' } }>): Promise<ApiReply> {
    await this.resetServerState.run(request.ctx, request, idOf(request), request.body['os-resetState'].state);
    return accepted();
  }

  /** Only what was deleted with delay could be restored. */
  async restore(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.reach(request, idOf(request));
    refuseAction('restore', found, request.principal);
    throw conflict('compute.server.not_restorable', `Instance ${found.instance.uuid} cannot be restored.`);
  }
}

const idOf = (request: ApiRequest<unknown>): string => request.params['id'] as string;
