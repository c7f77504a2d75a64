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
type ListedProvider = Omit<ResourceProvider, 'id' | 'modified'>;

export const providerPath = (uuid: string): string => `/resource_providers/${uuid}`;

/** What a provider looks like to a client of the given microversion. */
export function providerBody(request: Pick<AnyRequest, 'version'>, provider: ListedProvider): Record<string, unknown> {
  const self = providerPath(provider.uuid);
  const related = RELATIONS.filter(({ since }) => request.version >= since).map(({ rel }) => ({ rel, href: `${self}/${rel}` }));
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

/**
 * The list of providers as JSON: what `providerBody` says of each, written as text. Lists are long, and most of each entry is
 * links; as objects they would cost several times as much.
 */
export function providersText(request: Pick<AnyRequest, 'version'>, providers: readonly ListedProvider[]): string {
  const shown = RELATIONS.filter(({ since }) => request.version >= since).map(({ rel }) => rel);
  const nested = request.version >= Since.nestedProviders;
  let list = '';
  // Grown, not joined: the engine then copies the text once, when it is encoded.
  for (const provider of providers) list += `${list === '' ? '' : ','}${providerText(provider, shown, nested)}`;
  return `{"resource_providers":[${list}]}`;
}

function providerText({ uuid, name, generation, ...tree }: ListedProvider, rels: readonly string[], nested: boolean): string {
  const self = providerPath(uuid);
  let links = `{"rel":"self","href":"${self}"}`;
  for (const rel of rels) links += `,{"rel":"${rel}","href":"${self}/${rel}"}`;
  const parent = tree.parentUuid === null ? 'null' : `"${tree.parentUuid}"`;
  const place = nested ? `,"parent_provider_uuid":${parent},"root_provider_uuid":"${tree.rootUuid}"` : '';
  return `{"uuid":"${uuid}","name":${JSON.stringify(name)},"generation":${generation},"links":[${links}]${place}}`;
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
