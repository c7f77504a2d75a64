import { randomUUID } from 'node:crypto';
import {
  ApiDatabase,
  FLAVOR_SORT_KEYS,
  type FlavorFilter,
  type FlavorOrder,
  FlavorRepository,
  type FlavorSortKey,
  type NewFlavor,
} from '@kilonova/api-db';
import type { Flavor } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, accepted, boolFromString, nextLink, ok, pageLimits } from '@kilonova/http';
import { conflict, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../common/model/microversion.js';
import { PatternSearch } from '../common/pattern-search.service.js';
import { ComputeSettings } from '../common/settings.js';
import { integer } from '../common/values.js';
import { FlavorNotifier } from './flavor.notifier.js';
import { flavorDetail, flavorSummary } from './flavor.view.js';

interface CreateBody {
  readonly flavor: Readonly<Record<string, unknown>>;
}

export const flavorNotFound = (id: string): Error => notFound('compute.flavor.not_found', `Flavor ${id} could not be found.`);

/** Flavors: what a server may be like. */
@Injectable()
export class FlavorController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly flavors: FlavorRepository,
    private readonly notifier: FlavorNotifier,
    private readonly patterns: PatternSearch,
    private readonly settings: ComputeSettings,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, flavorSummary);
  }

  async detail(request: ApiRequest): Promise<ApiReply> {
    return this.#list(request, flavorDetail);
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const flavor = await this.flavors.find(await this.database.sql(), id, accessOf(request));
    if (flavor === undefined) throw flavorNotFound(id);
    return ok({ flavor: flavorDetail(request, flavor) });
  }

  async create(request: ApiRequest<CreateBody>): Promise<ApiReply> {
    const wanted = newFlavor(request.body.flavor);
    const creation = await this.flavors.create(await this.database.sql(), wanted);
    if (creation.outcome === 'duplicate') {
      const what = creation.field === 'name' ? `name ${wanted.name}` : `ID ${wanted.flavorid}`;
      throw conflict('compute.flavor.duplicate', `Flavor with ${what} already exists.`);
    }
    const { flavor } = creation;
    await this.notifier.changed(request.ctx, 'create', flavor);
    return ok({ flavor: flavorDetail(request, flavor) });
  }

  async update(request: ApiRequest<{ readonly flavor: { readonly description: string | null } }>): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const flavor = await this.flavors.describe(await this.database.sql(), id, request.body.flavor.description);
    if (flavor === undefined) throw flavorNotFound(id);
    await this.notifier.changed(request.ctx, 'update', flavor);
    return ok({ flavor: flavorDetail(request, flavor) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const flavor = await this.flavors.find(await this.database.sql(), id, null);
    if (flavor === undefined || !(await this.flavors.remove(await this.database.sql(), id))) throw flavorNotFound(id);
    await this.notifier.changed(request.ctx, 'delete', flavor);
    return accepted();
  }

  async #list(request: ApiRequest, view: typeof flavorDetail): Promise<ApiReply> {
    const page = pageLimits(request.query, this.settings.api.maxLimit);
    const after =
      page.marker === undefined ? undefined : await this.flavors.find(await this.database.sql(), page.marker, accessOf(request));
    if (page.marker !== undefined && after === undefined)
      throw invalid('compute.flavor.marker', `marker [${page.marker}] not found`);
    const filter = filterOf(request);
    const sql = await this.database.sql();
    const patterns = filter.name === undefined ? [] : [filter.name];
    const found = await this.patterns.run(request.principal, patterns, (limited) =>
      limited(sql, (own) => this.flavors.list(own, filter, orderOf(request.query), page.limit, after)),
    );
    const last = found.at(-1);
    const isFull = last !== undefined && found.length === page.limit;
    return ok({
      flavors: found.map((flavor) => view(request, flavor)),
      ...(isFull ? { flavors_links: [nextLink(request, last.flavorid)] } : {}),
    });
  }
}

/** Administrators see every flavor. */
const accessOf = (request: ApiRequest): string | null => (request.principal.isAdmin ? null : (request.principal.projectId ?? ''));

function filterOf(request: ApiRequest): FlavorFilter {
  const { query, principal } = request;
  const limits = {
    ...(query.has('minRam') ? { minRam: wholeNumber(query.get('minRam'), 'minRam') } : {}),
    ...(query.has('minDisk') ? { minDisk: wholeNumber(query.get('minDisk'), 'minDisk') } : {}),
    ...(query.has('name') && request.version >= Since.leanFlavors ? { name: query.get('name') as string } : {}),
  };
  const asked = query.get('is_public');
  if (!principal.isAdmin) return { ...limits, accessOf: principal.projectId ?? '' };
  if (asked !== null && asked.toLowerCase() === 'none') return { ...limits, accessOf: null };
  const isPublic = asked === null ? true : boolFromString(asked);
  if (isPublic === undefined) throw invalid('compute.flavor.is_public', `Invalid is_public filter [${asked}]`);
  return isPublic ? { ...limits, accessOf: principal.projectId ?? '' } : { ...limits, accessOf: null, isPublic: false };
}

function wholeNumber(text: string | null, filter: string): number {
  if (text !== null && /^-?\d{1,9}$/.test(text)) return Number(text);
  throw invalid('compute.flavor.filter', `Invalid ${filter} filter [${text}]`);
}

function orderOf(query: URLSearchParams): FlavorOrder {
  const asked = query.get('sort_key') ?? 'flavorid';
  const key = (FLAVOR_SORT_KEYS as readonly string[]).includes(asked) ? (asked as FlavorSortKey) : 'id';
  return { key, direction: query.get('sort_dir') === 'desc' ? 'desc' : 'asc' };
}

/** The flavor that a body asks for; numbers may be texts. */
function newFlavor(body: Readonly<Record<string, unknown>>): NewFlavor {
  const id = body['id'];
  return {
    flavorid: id === undefined || id === null ? randomUUID() : String(id),
    name: body['name'] as string,
    memory_mb: integer(body['ram'], 'ram'),
    vcpus: integer(body['vcpus'], 'vcpus'),
    root_gb: integer(body['disk'], 'disk'),
    ephemeral_gb: integer(body['OS-FLV-EXT-DATA:ephemeral'] ?? 0, 'OS-FLV-EXT-DATA:ephemeral'),
    swap: integer(body['swap'] ?? 0, 'swap'),
    rxtx_factor: Number(body['rxtx_factor'] ?? 1),
    is_public: boolFromString(body['os-flavor-access:is_public'] ?? true) ?? true,
    description: (body['description'] as string | null | undefined) ?? null,
  } satisfies Omit<Flavor, 'id' | 'extra_specs' | 'disabled'>;
}
