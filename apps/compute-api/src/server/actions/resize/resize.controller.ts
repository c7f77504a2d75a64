import { type ApiReply, type ApiRequest, accepted, noContent } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';
import { wantsDryRun } from '../../trial/dry-run.js';
import { AcceptResize } from './accept-resize.service.js';
import { FinishedMove } from './finished-move.service.js';

interface ResizeBody {
  readonly resize: { readonly flavorRef: string | number; readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL' };
}

/** Servers get another flavor on another host, and users say whether it stays so. */
@Injectable()
export class ResizeController {
  constructor(
    private readonly acceptResize: AcceptResize,
    private readonly acceptAction: AcceptAction,
    private readonly finished: FinishedMove,
  ) {}

  async resize(request: ApiRequest<ResizeBody>): Promise<ApiReply> {
    const { flavorRef, 'OS-DCF:diskConfig': diskConfig } = request.body.resize;
    const size = { flavorid: String(flavorRef), diskConfig };
    if (wantsDryRun(request)) return this.acceptResize.attempt(request, serverId(request), size);
    await this.acceptResize.run(request.ctx, request, serverId(request), size);
    return accepted();
  }

  async confirmResize(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'confirmResize', async (found) => {
      await this.finished.requireSourceUp(found);
      return {};
    });
    return noContent();
  }

  async revertResize(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'revertResize', async (found) => {
      await this.finished.require(found);
      return {};
    });
    return accepted();
  }
}
