import { type ApiReply, type ApiRequest, boolFromString, nextLink, ok, pageLimits } from '@kilonova/http';
import { AppError, invalid, isUuidLike, normalizeUuid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { ComputeSettings } from '../common/settings.js';
import type { LocatedNode } from '../host-directory/host-directory.service.js';
import { HypervisorService } from './hypervisor.service.js';
import { hypervisorDetail, hypervisorSummary, serversOf, statistics } from './hypervisor.view.js';

const noMatch = (pattern: string): AppError =>
  notFound('compute.hypervisor.no_match', `No hypervisor matching '${pattern}' could be found.`);
const unknown = (id: string): AppError =>
  notFound('compute.hypervisor.not_found', `Hypervisor with ID '${id}' could not be found.`);

/** Hypervisors: the nodes that servers run on. */
@Injectable()
export class HypervisorController {
  constructor(
    private readonly hypervisors: HypervisorService,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, hypervisorSummary);
  }

  async detail(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, hypervisorDetail);
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const located = await this.#find(request);
    const [hypervisor] = await this.#render(request, [located], hypervisorDetail);
    return ok({ hypervisor });
  }

  async statistics(): Promise<ApiReply> {
    return ok({ hypervisor_statistics: statistics(await this.hypervisors.all()) });
  }

  /** @throws AppError 400 while the host is down, 501 when its driver tells no uptime. */
  async uptime(request: ApiRequest): Promise<ApiReply> {
    const located = await this.#find(request);
    if (!located.owner.isUp)
      throw invalid('compute.hypervisor.down', `Compute service of ${located.node.host} is unavailable at this time.`);
    const uptime = located.node.stats['uptime'];
    if (uptime === undefined) {
      throw new AppError({
        kind: 'not-implemented',
        code: 'compute.hypervisor.uptime',
        message: 'The requested functionality is not supported.',
      });
    }
    return ok({ hypervisor: { ...hypervisorSummary(request, located), uptime } });
  }

  async search(request: ApiRequest): Promise<ApiReply> {
    const found = await this.#matching(request.params['id'] as string);
    return ok({ hypervisors: found.map((located) => hypervisorSummary(request, located)) });
  }

  async servers(request: ApiRequest): Promise<ApiReply> {
    const found = await this.#matching(request.params['id'] as string);
    const servers = await this.hypervisors.servers(found);
    return ok({
      hypervisors: found.map((located) => ({ ...hypervisorSummary(request, located), ...serversOf(request, located, servers) })),
    });
  }

  async #list(request: ApiRequest, view: typeof hypervisorDetail): Promise<ApiReply> {
    const pattern = request.version >= Since.uuidIds ? request.query.get('hypervisor_hostname_pattern') : null;
    if (pattern === null) return this.#page(request, await this.hypervisors.all(), view);
    if (request.query.has('limit') || request.query.has('marker')) {
      throw invalid(
        'compute.hypervisor.paged_search',
        'Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.',
      );
    }
    return ok({ hypervisors: await this.#render(request, await this.#matching(pattern), view) });
  }

  async #page(request: ApiRequest, all: readonly LocatedNode[], view: typeof hypervisorDetail): Promise<ApiReply> {
    const pages = request.version >= Since.hypervisorPaging;
    const { limit, marker } = pages
      ? pageLimits(request.query, this.settings.api.maxLimit)
      : { limit: all.length, marker: undefined };
    const at = marker === undefined ? -1 : all.findIndex((located) => String(idOf(request, located)) === marker);
    if (marker !== undefined && at < 0) throw invalid('compute.hypervisor.marker', `marker [${marker}] not found`);
    const page = all.slice(at + 1, at + 1 + limit);
    const last = page.at(-1);
    const links =
      pages && last !== undefined && page.length === limit
        ? { hypervisors_links: [nextLink(request, String(idOf(request, last)))] }
        : {};
    return ok({ hypervisors: await this.#render(request, page, view), ...links });
  }

  async #render(request: ApiRequest, nodes: readonly LocatedNode[], view: typeof hypervisorDetail): Promise<unknown[]> {
    const wanted = request.version >= Since.uuidIds && boolFromString(request.query.get('with_servers') ?? false) === true;
    const servers = wanted ? await this.hypervisors.servers(nodes) : [];
    return nodes.map((located) => ({ ...view(request, located), ...(wanted ? serversOf(request, located, servers) : {}) }));
  }

  async #matching(pattern: string): Promise<readonly LocatedNode[]> {
    const found = await this.hypervisors.matching(pattern);
    if (found.length === 0) throw noMatch(pattern);
    return found;
  }

  async #find(request: ApiRequest): Promise<LocatedNode> {
    const id = request.params['id'] as string;
    if (request.version >= Since.uuidIds && !isUuidLike(id)) throw invalid('compute.hypervisor.uuid', `Invalid uuid ${id}`);
    if (request.version < Since.uuidIds && !/^\d{1,15}$/.test(id)) throw unknown(id);
    const found = await this.hypervisors.find(request.version >= Since.uuidIds ? (normalizeUuid(id) ?? id) : Number(id));
    if (found === undefined) throw unknown(id);
    return found;
  }
}

const idOf = (request: ApiRequest, { node, wideId }: LocatedNode): string | number =>
  request.version >= Since.uuidIds ? node.uuid : wideId;
