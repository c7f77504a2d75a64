import { unplaced } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, boolFromString, ok } from '@kilonova/http';
import { InstanceNotifier } from '@kilonova/notifications';
import { invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../../../common/model/microversion.js';
import { ComputeSettings } from '../../../common/settings.js';
import { HostDirectory } from '../../../host-directory/host-directory.service.js';
import { AcceptAction, type ArgumentsOf } from '../../core/accept-action.service.js';
import { isUp } from '../../core/model/host-state.js';
import { randomPassword } from '../../core/model/secrets.js';
import { serverId } from '../../core/server-id.js';
import { type ServerInCell, ServerLocator } from '../../core/server-locator.service.js';
import { wantsDryRun } from '../../trial/dry-run.js';
import { TryAction } from '../../trial/try-action.service.js';

interface EvacuateBody {
  readonly evacuate: {
    readonly host?: string;
    readonly adminPass?: string;
    readonly onSharedStorage?: boolean | string;
    readonly force?: boolean | string;
  };
}

const isTrue = (value: boolean | string | undefined): boolean =>
  value !== undefined && (typeof value === 'boolean' ? value : (boolFromString(value) ?? false));

/** Servers whose hosts are down are made anew on others. */
@Injectable()
export class EvacuateController {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly tryAction: TryAction,
    private readonly locator: ServerLocator,
    private readonly directory: HostDirectory,
    private readonly notifier: InstanceNotifier,
    private readonly settings: ComputeSettings,
  ) {}

  async evacuate(request: ApiRequest<EvacuateBody>): Promise<ApiReply> {
    const { ctx, body, version } = request;
    const { host = null } = body.evacuate;
    const forced = isTrue(body.evacuate.force);
    if (forced && host === null) throw invalid('compute.evacuate.force', "Can't force to a non-provided destination");
    const password = passwordOf(body.evacuate);
    const args: ArgumentsOf<'evacuate'> = async (server) => {
      await this.#check(server, host);
      const spec = await this.locator.spec(server.instance.uuid);
      return {
        ...unplaced({ requested_host: host }),
        image: spec?.image ?? null,
        admin_password: password,
        ends_stopped: version >= Since.evacuateStopped,
        forced,
      };
    };
    if (wantsDryRun(request)) return this.tryAction.run(request, serverId(request), 'evacuate', args);
    const { instance } = await this.acceptAction.run(ctx, request, serverId(request), 'evacuate', args);
    await this.notifier.single(ctx, { ...instance, task_state: 'rebuilding' }, 'evacuate');
    const tells = version < Since.evacuateWithoutPassword && this.settings.api.enableInstancePassword;
    return tells ? ok({ adminPass: password }) : { status: 200 };
  }

  /** @throws AppError 400, 404 */
  async #check({ instance, host: state }: ServerInCell, host: string | null): Promise<void> {
    if (host !== null && (await this.directory.computeService(host)) === undefined)
      throw notFound('compute.evacuate.host_not_found', `Compute host ${host} not found.`);
    if (host !== null && host === instance.host)
      throw invalid('compute.evacuate.same_host', "The target host can't be the same one.");
    if (isUp(state)) throw invalid('compute.evacuate.host_up', `Compute service of ${instance.host} is still in use.`);
  }
}

/** The password that the guest will have; none where its disks are kept, which nothing can be written to. @throws AppError 400 */
function passwordOf({ adminPass, onSharedStorage }: EvacuateBody['evacuate']): string | null {
  const isShared = isTrue(onSharedStorage);
  if (isShared && adminPass !== undefined)
    throw invalid('compute.evacuate.password', "admin password can't be changed on existing disk");
  return isShared ? null : (adminPass ?? randomPassword());
}
