import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { ComputeSettings } from '../../../common/settings.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { randomPassword } from '../../core/model/secrets.js';
import { serverId } from '../../core/server-id.js';
import { RescueImage } from './rescue-image.service.js';

interface RescueBody {
  readonly rescue: { readonly adminPass?: string; readonly rescue_image_ref?: string } | null;
}

/** Starts servers from another image, so that their own disk can be mended, and back. */
@Injectable()
export class RescueController {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly rescueImage: RescueImage,
    private readonly settings: ComputeSettings,
  ) {}

  async rescue(request: ApiRequest<RescueBody>): Promise<ApiReply> {
    const { ctx, body, version } = request;
    const adminPass = body.rescue?.adminPass ?? randomPassword();
    const ref = body.rescue?.rescue_image_ref ?? null;
    await this.acceptAction.run(ctx, request, serverId(request), 'rescue', async ({ instance }) => {
      const image = await this.rescueImage.choose(ctx, instance, ref, version >= Since.rescueOfVolumes);
      return { rescue_image_ref: ref, image, admin_password: adminPass };
    });
    return ok(this.settings.api.enableInstancePassword ? { adminPass } : {});
  }

  async unrescue(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), 'unrescue', {});
    return accepted();
  }
}
