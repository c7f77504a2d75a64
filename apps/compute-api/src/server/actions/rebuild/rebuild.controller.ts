import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { linkBase } from '../../../common/links.js';
import { Since } from '../../../common/model/microversion.js';
import { ComputeSettings } from '../../../common/settings.js';
import { randomPassword } from '../../core/model/secrets.js';
import { ServerPresenter } from '../../core/server.presenter.js';
import { serverId } from '../../core/server-id.js';
import type { RebuildBody } from './model/rebuild-request.js';
import { RebuildServer } from './rebuild-server.service.js';

/** Makes servers anew of an image. */
@Injectable()
export class RebuildController {
  constructor(
    private readonly rebuildServer: RebuildServer,
    private readonly presenter: ServerPresenter,
    private readonly settings: ComputeSettings,
  ) {}

  async rebuild(request: ApiRequest<RebuildBody>): Promise<ApiReply> {
    const { adminPass = randomPassword() } = request.body.rebuild;
    const found = await this.rebuildServer.run(request, serverId(request), adminPass);
    const { instance } = found;
    const server = {
      ...this.presenter.changed(request as unknown as ApiRequest, found),
      ...(request.version >= Since.keyOfRebuild ? { key_name: instance.key_name } : {}),
      ...(request.version >= Since.noInjectedFiles ? { user_data: instance.user_data } : {}),
      ...(this.settings.api.enableInstancePassword ? { adminPass } : {}),
    };
    return accepted({ server }, { location: `${linkBase(request as unknown as ApiRequest).versioned}/servers/${instance.uuid}` });
  }
}
