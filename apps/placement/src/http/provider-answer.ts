import { normalizeUuid } from '@kilonova/util';
import { missing } from '../errors.js';
import type { ResourceProvider } from '../model/resource-provider.js';
import { type AnyRequest, param } from './answers.js';
import { Since } from './versions.js';

/** Sub-resources that a provider links to, and since when. */
const RELATIONS = [
  { rel: 'inventories', since: 0 },
  { rel: 'usages', since: 0 },
  { rel: 'aggregates', since: Since.providerAggregates },
  { rel: 'traits', since: Since.providerTraits },
  { rel: 'allocations', since: Since.allocationsLink },
];

/** What clients see of a provider. */
export type ListedProvider = Omit<ResourceProvider, 'id' | 'modified'>;

/** The sub-resources that a provider links to at a microversion. */
export const relationsAt = (version: number): string[] => RELATIONS.filter(({ since }) => version >= since).map(({ rel }) => rel);

export const providerPath = (uuid: string): string => `/resource_providers/${uuid}`;

/** What a provider looks like to a client of the given microversion. */
export function providerBody(request: Pick<AnyRequest, 'version'>, provider: ListedProvider): Record<string, unknown> {
  const self = providerPath(provider.uuid);
  const related = relationsAt(request.version).map((rel) => ({ rel, href: `${self}/${rel}` }));
  return {
    uuid: provider.uuid,
    name: provider.name,
    generation: provider.generation,
    links: [{ rel: 'self', href: self }, ...related],
    ...(request.version >= Since.nestedProviders && {
      parent_provider_uuid: provider.parentUuid,
      root_provider_uuid: provider.rootUuid,
    }),
  };
}

/** The uuid of the provider in the path. @throws AppError (404) when it cannot be one. */
export function providerUuid(request: AnyRequest): string {
  const given = param(request, 'uuid');
  const uuid = normalizeUuid(given);
  if (uuid === undefined) throw noSuchProvider(given);
  return uuid;
}

export const noSuchProvider = (uuid: string, purpose = ''): Error =>
  missing(`No resource provider with uuid ${uuid} found${purpose}`);
