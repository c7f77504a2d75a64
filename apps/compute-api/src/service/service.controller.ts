import type { ServiceChange } from '@kilonova/cell-db';
import { type ApiReply, type ApiRequest, boolFromString, noContent, ok } from '@kilonova/http';
import { invalid, isUuidLike, normalizeUuid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { HostDirectory, type LocatedService } from '../host-directory/host-directory.service.js';
import { COMPUTE_BINARY } from '../host-directory/model/service-state.js';
import { serviceView, unknownService } from './service.view.js';
import { ServiceAdmin } from './service-admin.service.js';
import { ServiceRemoval } from './service-removal.service.js';

interface ActionBody {
  readonly host: string;
  readonly binary: string;
  readonly disabled_reason?: string;
  readonly forced_down?: unknown;
}

interface UpdateBody {
  readonly status?: 'enabled' | 'disabled';
  readonly disabled_reason?: string;
  readonly forced_down?: unknown;
}

/** The services of the control plane. */
@Injectable()
export class ServiceController {
  constructor(
    private readonly directory: HostDirectory,
    private readonly admin: ServiceAdmin,
    private readonly removal: ServiceRemoval,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const [host, binary] = [request.query.get('host'), request.query.get('binary')];
    const listing = await this.directory.services({ ...(host ? { host } : {}), ...(binary ? { binary } : {}) });
    const unknown = request.version >= Since.downCells ? listing.unknownHosts.map(unknownService) : [];
    return ok({ services: [...listing.services.map((service) => serviceView(request, service)), ...unknown] });
  }

  /** Up to 2.52: `enable`, `disable`, `disable-log-reason`, and `force-down` since 2.11. */
  async act(request: ApiRequest<ActionBody>): Promise<ApiReply> {
    const { body } = request;
    const action = request.params['id'] as string;
    const change = changeOf(request, action);
    requireCompute(body.binary);
    const changed = await this.admin.change(request.ctx, await this.admin.byHost(body.host), change);
    const named = { host: body.host, binary: body.binary };
    if (action === 'force-down') return ok({ service: { ...named, forced_down: changed.service.forced_down } });
    const reason = action === 'disable-log-reason' ? { disabled_reason: changed.service.disabled_reason } : {};
    return ok({ service: { ...named, status: changed.service.disabled ? 'disabled' : 'enabled', ...reason } });
  }

  async update(request: ApiRequest<UpdateBody>): Promise<ApiReply> {
    const target = await this.#byUuid(request);
    requireCompute(target.service.binary);
    return ok({ service: serviceView(request, await this.admin.change(request.ctx, target, updateOf(request.body))) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const target =
      request.version >= Since.uuidIds
        ? await this.#byUuid(request)
        : await this.admin.byId(number(request.params['id'] as string));
    await this.removal.remove(request.ctx, target);
    return noContent();
  }

  async #byUuid(request: ApiRequest): Promise<LocatedService> {
    const id = request.params['id'] as string;
    if (!isUuidLike(id)) throw invalid('compute.service.uuid', `Invalid uuid ${id}`);
    return this.admin.byId(normalizeUuid(id) ?? id);
  }
}

/** @throws AppError 400 for a service that runs no servers: there is nothing to enable or to force down. */
function requireCompute(binary: string): void {
  if (binary === COMPUTE_BINARY) return;
  const message = `Updating a ${binary} service is not supported. Only nova-compute services can be updated.`;
  throw invalid('compute.service.unsupported', message);
}

function number(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw invalid('compute.service.id', 'Invalid input received: id must be an integer');
}

/** What an action of the older kind changes. @throws AppError 404 for an unknown one. */
function changeOf(request: ApiRequest<ActionBody>, action: string): ServiceChange {
  const { disabled_reason: reason, forced_down: forced } = request.body;
  if (action === 'enable') return { disabled: false, disabled_reason: null };
  if (action === 'disable') return { disabled: true, disabled_reason: null };
  if (action === 'disable-log-reason') {
    if (reason === undefined) throw invalid('compute.service.reason', 'Missing disabled reason field');
    return { disabled: true, disabled_reason: reason };
  }
  if (action !== 'force-down' || request.version < Since.forcedDown) throw notFound('compute.service.action', 'Unknown action');
  if (forced === undefined) throw invalid('compute.service.forced_down', 'Missing forced_down field');
  return { forced_down: boolFromString(forced) === true };
}

/** @throws AppError 400 when nothing is asked for, or a reason goes with `enabled`. */
function updateOf({ status, disabled_reason: reason, forced_down: forced }: UpdateBody): ServiceChange {
  if (status === 'enabled' && reason !== undefined)
    throw invalid('compute.service.reason', "Specifying 'disabled_reason' with status 'enabled' is invalid.");
  if (status === undefined && forced === undefined) {
    throw invalid(
      'compute.service.no_change',
      "No updates were requested. Fields 'status' or 'forced_down' should be specified.",
    );
  }
  return {
    ...(status === undefined ? {} : { disabled: status === 'disabled', disabled_reason: reason ?? null }),
    ...(forced === undefined ? {} : { forced_down: boolFromString(forced) === true }),
  };
}
