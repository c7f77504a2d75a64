import { unplaced } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted, ownerOf } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { AcceptAction, type ArgumentsOf } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';
import { wantsDryRun } from '../../trial/dry-run.js';
import { TryAction } from '../../trial/try-action.service.js';
import { MigrationTarget } from './migration-target.service.js';

const TO_HOST = 'os_compute_api:os-migrate-server:migrate:host';

interface MigrateBody {
  readonly migrate: { readonly host?: string | null } | null;
}

/** Servers go to other hosts while their guests are off. */
@Injectable()
export class MigrateController {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly tryAction: TryAction,
    private readonly targets: MigrationTarget,
  ) {}

  async migrate(request: ApiRequest<MigrateBody>): Promise<ApiReply> {
    const { ctx, body, version } = request;
    const host = version >= Since.migrationToHost ? (body.migrate?.host ?? null) : null;
    const args: ArgumentsOf<'migrate'> = async ({ instance }) => {
      if (host !== null) {
        request.authorize(TO_HOST, ownerOf(instance));
        await this.targets.check(host, instance);
      }
      return unplaced({ requested_host: host });
    };
    if (wantsDryRun(request)) return this.tryAction.run(request, serverId(request), 'migrate', args);
    await this.acceptAction.run(ctx, request, serverId(request), 'migrate', args);
    return accepted();
  }
}
