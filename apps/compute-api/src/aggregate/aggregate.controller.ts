import { AggregateRepository, ApiDatabase } from '@kilonova/api-db';
import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { invalid, normalizeUuid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { MAX_INT } from '../common/parameter-types.js';
import { AggregateService, aggregateNotFound } from './aggregate.service.js';
import { aggregateCreated, aggregateView } from './aggregate.view.js';
import { CacheImages } from './cache-images.service.js';
import { ZONE_KEY } from './model/zone-rules.js';

interface AggregateBody {
  readonly aggregate: { readonly name?: string; readonly availability_zone?: string | null };
}

/** Host aggregates, and the availability zones that they make. */
@Injectable()
export class AggregateController {
  constructor(
    private readonly database: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly service: AggregateService,
    private readonly caching: CacheImages,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const found = await this.aggregates.list(await this.database.sql());
    return ok({ aggregates: found.map((aggregate) => aggregateView(request, aggregate)) });
  }

  async show(request: ApiRequest): Promise<ApiReply> {
    const id = idOf(request);
    const found = await this.aggregates.find(await this.database.sql(), id);
    if (found === undefined) throw aggregateNotFound(id);
    return ok({ aggregate: aggregateView(request, found) });
  }

  async create(request: ApiRequest<AggregateBody>): Promise<ApiReply> {
    const { name = '', availability_zone: zone = null } = request.body.aggregate;
    return ok({ aggregate: aggregateCreated(request, await this.service.create(request.ctx, name, zone)) });
  }

  async update(request: ApiRequest<AggregateBody>): Promise<ApiReply> {
    const { name, availability_zone: zone } = request.body.aggregate;
    const metadata = zone === undefined ? {} : { metadata: { [ZONE_KEY]: zone } };
    const changed = await this.service.update(
      request.ctx,
      idOf(request),
      { ...(name === undefined ? {} : { name }), ...metadata },
      'update_prop',
    );
    return ok({ aggregate: aggregateView(request, changed) });
  }

  async setMetadata(
    request: ApiRequest<{ readonly set_metadata: { readonly metadata: Readonly<Record<string, string | null>> } }>,
  ): Promise<ApiReply> {
    const { metadata } = request.body.set_metadata;
    if (metadata[ZONE_KEY] === '')
      throw invalid('compute.aggregate.zone', `Aggregate ${idOf(request)} does not support empty named availability zone.`);
    const changed = await this.service.update(request.ctx, idOf(request), { metadata }, 'update_metadata');
    // Metadata does not count as an update of the aggregate, yet this one response gives its time, as upstream's does.
    return ok({ aggregate: aggregateView(request, { ...changed, updated_at: new Date() }) });
  }

  async addHost(request: ApiRequest<{ readonly add_host: { readonly host: string } }>): Promise<ApiReply> {
    const changed = await this.service.addHost(request.ctx, idOf(request), request.body.add_host.host);
    return ok({ aggregate: aggregateView(request, changed) });
  }

  async removeHost(request: ApiRequest<{ readonly remove_host: { readonly host: string } }>): Promise<ApiReply> {
    const changed = await this.service.removeHost(request.ctx, idOf(request), request.body.remove_host.host);
    return ok({ aggregate: aggregateView(request, changed) });
  }

  async cacheImages(request: ApiRequest<{ readonly cache: ReadonlyArray<{ readonly id: string }> }>): Promise<ApiReply> {
    const images = request.body.cache.map(({ id }) => normalizeUuid(id) ?? id);
    if (new Set(images).size < images.length) throw invalid('compute.aggregate.images', 'Duplicate images in request');
    await this.caching.run(request.ctx, idOf(request), images);
    return accepted();
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.service.remove(request.ctx, idOf(request));
    return { status: 200 };
  }
}

/** @throws AppError 400 for what is no integer, 404 for one that no aggregate can have. */
function idOf(request: ApiRequest): number {
  const id = request.params['id'] as string;
  if (!/^-?\d+$/.test(id)) throw invalid('compute.aggregate.id', 'Invalid input received: id must be an integer');
  if (Number(id) < 1 || Number(id) > MAX_INT) throw aggregateNotFound(Number(id));
  return Number(id);
}
