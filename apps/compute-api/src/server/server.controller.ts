import { type ApiReply, type ApiRequest, accepted, ok, pageLimits } from '@kilonova/http';
import { AppError } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { linkBase, nextPage } from '../common/links.js';
import { Since } from '../common/model/microversion.js';
import { ComputeSettings } from '../common/settings.js';
import { requesterOf } from './block-device/requester.js';
import { partialBrief, partialDetail } from './core/partial-server.view.js';
import { ServerPresenter } from './core/server.presenter.js';
import { serverBrief, serverLinks } from './core/server.view.js';
import { CreateServers } from './create/create-servers.service.js';
import { type CreateServerBody, readCreateRequest, rightsNeeded } from './create/model/create-request.js';
import { TryServers } from './create/try-servers.service.js';
import { ListServers, type ServerList } from './list/list-servers.service.js';
import { readOrder } from './list/model/list-order.js';
import { readFilter, wantsAllTenants } from './list/model/list-query.js';
import { wantsDryRun } from './trial/dry-run.js';
import { HOSTS_OF_TRIALS } from './trial/trial.rules.js';
import { trialView } from './trial/trial.view.js';

/** `/servers`: creation and lists. */
@Injectable()
export class ServerController {
  constructor(
    private readonly createServers: CreateServers,
    private readonly tryServers: TryServers,
    private readonly listServers: ListServers,
    private readonly presenter: ServerPresenter,
    private readonly settings: ComputeSettings,
  ) {}

  async create(request: ApiRequest<CreateServerBody>): Promise<ApiReply> {
    const wanted = readCreateRequest(request.body, request.version);
    for (const rule of rightsNeeded(wanted)) request.authorize(rule);
    const order = {
      request: wanted,
      mayUseZeroDisk: request.allows('os_compute_api:servers:create:zero_disk_flavor'),
      requester: { ...requesterOf(request), mayUseExternal: request.allows('network:attach_external_network') },
    };
    if (wantsDryRun(request)) {
      const result = await this.tryServers.run(request.ctx, request.principal, order);
      return ok({ dry_run: trialView(result, request.allows(HOSTS_OF_TRIALS)) });
    }
    const created = await this.createServers.run(request.ctx, request.principal, order);
    if (wanted.answerReservation) return accepted({ reservation_id: created.reservationId });
    const id = created.uuids[0] as string;
    const base = linkBase(request);
    const server = {
      id,
      links: serverLinks(base, id),
      'OS-DCF:diskConfig': created.diskConfig,
      security_groups: created.securityGroups.map((name) => ({ name })),
      ...(this.settings.api.enableInstancePassword ? { adminPass: created.adminPassword } : {}),
    };
    return accepted({ server }, { location: `${base.versioned}/servers/${id}` });
  }

  async index(request: ApiRequest): Promise<ApiReply> {
    const { list, limit } = await this.#list(request, 'os_compute_api:servers:index:get_all_tenants');
    const base = linkBase(request);
    const servers = [
      ...list.partial.map((server) => partialBrief(server, base)),
      ...list.rows.map(({ instance }) => serverBrief(instance, base)),
    ];
    return ok({ servers, ...nextPage(request, 'servers', limit, idsOf(list)) });
  }

  async detail(request: ApiRequest): Promise<ApiReply> {
    const { list, limit } = await this.#list(request, 'os_compute_api:servers:detail:get_all_tenants');
    const base = linkBase(request);
    const shown = await this.presenter.details(request, list.rows);
    return ok({
      servers: [...list.partial.map((server) => partialDetail(server, base)), ...shown],
      ...nextPage(request, 'servers', limit, idsOf(list)),
    });
  }

  async #list(request: ApiRequest, allTenantsRule: string): Promise<{ readonly list: ServerList; readonly limit: number }> {
    const { query, version, principal } = request;
    const allTenants = wantsAllTenants(query);
    if (allTenants) request.authorize(allTenantsRule);
    const caller = {
      version,
      projectId: principal.projectId,
      userId: principal.userId,
      isAdmin: principal.isAdmin,
      withExtensions: request.extension !== undefined,
      allFilters: request.allows('os_compute_api:servers:allow_all_filters'),
    };
    const { limit, marker } = pageLimits(query, this.settings.api.maxLimit);
    const list = await this.listServers.run(allTenants ? { ...principal, isAdmin: true } : principal, {
      filter: readFilter(query, caller, allTenants),
      order: readOrder(query, version, principal.isAdmin),
      limit,
      marker,
      partials: version >= Since.downCells && onlyPages(query),
      projectId: allTenants ? null : (principal.projectId ?? null),
    });
    if (list.incomplete && version < Since.downCells && !this.settings.api.listSkipsDownCells) throw cellsDown();
    return { list, limit };
  }
}

const idsOf = (list: ServerList): readonly string[] => [...list.partial, ...list.rows].map(({ uuid }) => uuid);

/** Partial records can be neither filtered nor sorted, and stand on the first page only. */
const onlyPages = (query: URLSearchParams): boolean => [...query.keys()].every((key) => key === 'all_tenants' || key === 'limit');

const cellsDown = (): AppError => new AppError({ kind: 'bug', code: 'compute.cells.down', message: 'A cell does not answer.' });
