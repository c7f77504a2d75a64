import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isOnVolumes } from '../../core/model/on-volumes.js';
import { serverId } from '../../core/server-id.js';
import { ServerLocator } from '../../core/server-locator.service.js';
import { wantsDryRun } from '../../trial/dry-run.js';
import { MakeServerImage } from '../image/make-server-image.service.js';
import { type UnshelveGoal, UnshelveServer } from './unshelve-server.service.js';

interface UnshelveBody {
  readonly unshelve: { readonly availability_zone?: string | null; readonly host?: string } | null;
}

/** Puts servers on the shelf, as images where they have no volume to run from, and takes them down again. */
@Injectable()
export class ShelveController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly makeServerImage: MakeServerImage,
    private readonly acceptAction: AcceptAction,
    private readonly unshelveServer: UnshelveServer,
  ) {}

  async shelve(request: ApiRequest): Promise<ApiReply> {
    const wish = ({ display_name }: { readonly display_name: string }) =>
      ({ name: `${display_name}-shelved`, type: 'snapshot', properties: {} }) as const;
    const id = serverId(request);
    const { instance } = await this.locator.reach(request, id);
    if (isOnVolumes(instance)) await this.acceptAction.run(request.ctx, request, id, 'shelveVolumes', {});
    else await this.makeServerImage.run(request, id, { action: 'shelve', wish, args: {} });
    return accepted();
  }

  async shelveOffload(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'shelveOffload', {});
    return accepted();
  }

  async unshelve(request: ApiRequest<UnshelveBody>): Promise<ApiReply> {
    if (wantsDryRun(request)) return this.unshelveServer.attempt(request, serverId(request), goalOf(request));
    await this.unshelveServer.run(request, serverId(request), goalOf(request));
    return accepted();
  }
}

/** Where the server is wanted; before these words were known, the body said nothing. */
function goalOf({ body: { unshelve }, version }: ApiRequest<UnshelveBody>): UnshelveGoal {
  const { availability_zone: zone, host } = (version >= Since.unshelveZone && unshelve) || {};
  return { zone, host: version >= Since.unshelveHost ? host : undefined };
}
