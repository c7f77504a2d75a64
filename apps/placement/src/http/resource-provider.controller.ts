import { randomUUID } from 'node:crypto';
import type { ApiReply, ApiRequest } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { badRequest, ErrorCode, refused } from '../errors.js';
import { PlacementMetrics } from '../metrics.js';
import { filterProviders, parseProviderFilters } from '../model/candidates/index.js';
import type { ParentFault, ResourceProvider } from '../model/resource-provider.js';
import type { World } from '../model/world/index.js';
import { ProviderReadModel } from '../read-model/index.js';
import { ResourceProviderRepository } from '../store/resource-provider.repository.js';
import { type AnyRequest, answer, freshness, jsonAnswer, location, noContent } from './answers.js';
import { noSuchProvider, providerBody, providerPath, providerUuid } from './provider-answer.js';
import { providerList } from './provider-list.js';
import { accepted } from './query-fault.js';
import { minorOf, Since } from './versions.js';

interface ProviderBody {
  readonly name: string;
  readonly uuid?: string;
  readonly parent_provider_uuid?: string | null;
}

const PARENT_FAULTS: Readonly<Record<ParentFault, string>> = {
  'unknown-parent': 'parent provider UUID does not exist.',
  'own-parent': 'parent provider UUID cannot be same as UUID.',
  'may-not-reparent': 're-parenting a provider is not currently allowed.',
  'may-not-unparent': 'un-parenting a provider is not currently allowed.',
  loop: 'creating loop in the provider tree is not allowed.',
};

/** Providers: lists from the read model, single ones from the database. */
@Injectable()
export class ResourceProviderController {
  constructor(
    @Inject(ResourceProviderRepository) private readonly providers: ResourceProviderRepository,
    @Inject(ProviderReadModel) private readonly readModel: ProviderReadModel,
    @Inject(PlacementMetrics) private readonly metrics: PlacementMetrics,
  ) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const world = await this.readModel.fresh();
    this.metrics.refreshed(world);
    const filters = accepted(parseProviderFilters(world, [...request.query], minorOf(request.version)));
    const found = filterProviders(world, filters);
    const listed = found.map((index) => providerAt(world, index));
    return jsonAnswer(request, providerList(request, listed));
  }

  async create(request: ApiRequest<ProviderBody>): Promise<ApiReply> {
    const { name, uuid: given, parent_provider_uuid: parent } = request.body;
    const uuid = normalizeUuid(given ?? randomUUID()) as string;
    const result = await this.providers.create({ uuid, name, parentUuid: dashed(parent) ?? null });
    if (result.outcome === 'duplicate') throw duplicate(result.field, result.field === 'name' ? name : uuid);
    if (result.outcome !== 'created') {
      throw badRequest(`Unable to create resource provider "${name}", ${uuid}: ${PARENT_FAULTS[result.outcome]}`);
    }
    return created(request, result.provider);
  }

  async show(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const provider = await this.providers.find(uuid);
    if (provider === undefined) throw noSuchProvider(uuid);
    return answer(request, providerBody(request, provider), provider.modified);
  }

  async update(request: ApiRequest<ProviderBody>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const { name, parent_provider_uuid: parent } = request.body;
    const mayMove = request.version >= Since.movingProviders;
    const result = await this.providers.update(uuid, { name, parentUuid: dashed(parent), mayMove });
    if (result.outcome === 'not-found') throw noSuchProvider(uuid);
    if (result.outcome === 'duplicate') throw duplicate(result.field, name);
    if (result.outcome !== 'updated')
      throw badRequest(`Unable to save resource provider ${uuid}: ${PARENT_FAULTS[result.outcome]}`);
    return answer(request, providerBody(request, result.provider), result.provider.modified);
  }

  async remove(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    switch (await this.providers.remove(uuid)) {
      case 'deleted':
        return noContent();
      case 'not-found':
        throw noSuchProvider(uuid, ' for delete');
      case 'has-allocations':
        throw refused(`Unable to delete resource provider ${uuid}: Resource provider has allocations.`, ErrorCode.providerInUse);
      case 'has-children':
        throw refused(
          `Unable to delete parent resource provider ${uuid}: It has child resource providers.`,
          ErrorCode.cannotDeleteParent,
        );
    }
  }
}

/** Up to 1.19 the answer was empty. */
function created(request: AnyRequest, provider: ResourceProvider): ApiReply {
  const headers = location(request, providerPath(provider.uuid));
  if (request.version < Since.providerInAnswer) return { status: 201, headers };
  return {
    status: 200,
    body: providerBody(request, provider),
    headers: { ...headers, ...freshness(request, provider.modified) },
  };
}

const duplicate = (field: 'name' | 'uuid', value: string): Error =>
  refused(`Conflicting resource provider ${field}: ${value} already exists.`, ErrorCode.duplicateName);

/** A given uuid in its dashed form; null and undefined stay what they are. */
const dashed = (uuid: string | null | undefined): string | null | undefined => (uuid ? normalizeUuid(uuid) : uuid);

function providerAt(world: World, index: number): Omit<ResourceProvider, 'id' | 'modified'> {
  const { providers } = world;
  const parent = providers.parent(index);
  return {
    uuid: providers.uuid[index] as string,
    name: providers.name[index] as string,
    generation: providers.generation[index] as number,
    parentUuid: parent < 0 ? null : (providers.uuid[parent] as string),
    rootUuid: providers.uuid[providers.root(index)] as string,
  };
}
