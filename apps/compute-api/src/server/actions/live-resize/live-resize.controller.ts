import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../../core/server-id.js';
import { AcceptLiveResize } from './accept-live-resize.service.js';

interface LiveResizeBody {
  readonly liveResize: { readonly flavorRef: string | number };
}

/** Servers grow where they are, while they run. */
@Injectable()
export class LiveResizeController {
  constructor(private readonly acceptLiveResize: AcceptLiveResize) {}

  async liveResize(request: ApiRequest<LiveResizeBody>): Promise<ApiReply> {
    await this.acceptLiveResize.run(request.ctx, request, serverId(request), String(request.body.liveResize.flavorRef));
    return accepted();
  }
}
