import { type Instance, PowerState, unplaced } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted, boolFromString, ownerOf } from '@kilonova/http';
import { conflict, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { HostDirectory } from '../../../host-directory/host-directory.service.js';
import { AcceptAction, type ArgumentsOf } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';
import { wantsDryRun } from '../../trial/dry-run.js';
import { TryAction } from '../../trial/try-action.service.js';

const TO_HOST = 'os_compute_api:os-migrate-server:migrate_live:host';

interface LiveMigrateBody {
  readonly 'os-migrateLive': {
    readonly host: string | null;
    readonly block_migration: boolean | string;
    readonly disk_over_commit?: boolean | string;
    readonly force?: boolean | string;
  };
}

const asBool = (value: boolean | string | undefined): boolean | null =>
  value === undefined ? null : typeof value === 'boolean' ? value : (boolFromString(value) ?? null);

/** Servers go to other hosts while their guests run. */
@Injectable()
export class LiveMigrateController {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly tryAction: TryAction,
    private readonly directory: HostDirectory,
  ) {}

  async liveMigrate(request: ApiRequest<LiveMigrateBody>): Promise<ApiReply> {
    const { host, block_migration, disk_over_commit, force } = request.body['os-migrateLive'];
    const forced = asBool(force) === true;
    if (forced && host === null) throw invalid('compute.live_migrate.force', "Can't force to a non-provided destination");
    const args: ArgumentsOf<'liveMigrate'> = async ({ instance }) => {
      if (host !== null) request.authorize(TO_HOST, ownerOf(instance));
      await this.#checkHost(host);
      if (request.version < Since.liveMigrationChecks) checkAtOnce(instance, host);
      return {
        ...unplaced({ requested_host: host }),
        block_migration: block_migration === 'auto' ? null : asBool(block_migration),
        disk_over_commit: asBool(disk_over_commit),
        forced,
      };
    };
    if (wantsDryRun(request)) return this.tryAction.run(request, serverId(request), 'liveMigrate', args);
    await this.acceptAction.run(request.ctx, request, serverId(request), 'liveMigrate', args);
    return accepted();
  }

  async #checkHost(host: string | null): Promise<void> {
    if (host === null || (await this.directory.nodes()).some(({ node }) => node.host === host)) return;
    throw invalid('compute.live_migrate.host_not_found', `Compute host ${host} could not be found.`);
  }
}

/** What is found out later, and told in the server's list of actions, from 2.34 on. @throws AppError 400, 409 */
function checkAtOnce({ uuid, host: present, power_state }: Instance, host: string | null): void {
  if (power_state !== PowerState.RUNNING && power_state !== PowerState.PAUSED)
    throw conflict('compute.server.state', `Cannot 'os-migrateLive' instance ${uuid} while it is in power_state ${power_state}`);
  if (host !== null && host === present)
    throw invalid('compute.live_migrate.same_host', `Unable to migrate instance (${uuid}) to current host (${present}).`);
}
