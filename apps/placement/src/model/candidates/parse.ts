import { normalizeUuid } from '@kilonova/util';
import type { NameTable, World } from '../world/index.js';
import type { ProviderFilters } from './filter-providers.js';
import { type NamedGroup, parseGroups } from './parse-groups.js';
import {
  conflictsOf,
  parseAllOf,
  parseInTree,
  parseMemberOf,
  parseRequired,
  parseResources,
  type TraitNames,
} from './parse-parts.js';
import type { CandidateQuery, GroupPolicy, RequestGroup } from './query.js';
import { parsing, type QueryParams, type QueryResult, reject, valuesOf } from './query-result.js';

/**
 * The query of `GET /allocation_candidates` at microversion 1.`minor`. Takes for granted that a schema has let the
 * keys, `limit` and `group_policy` through; all else is checked here. Names are resolved in the world.
 */
export function parseCandidateQuery(world: World, params: QueryParams, minor: number): QueryResult<CandidateQuery> {
  return parsing(() => {
    const limit = valuesOf(params, 'limit')[0];
    const groupPolicy = valuesOf(params, 'group_policy')[0] as GroupPolicy | undefined;
    const root = parseRoot(params);
    const sameSubtree = valuesOf(params, 'same_subtree').map(parseSubtree);
    const named = parseGroups(params, sameSubtree, minor);
    if (groupPolicy === undefined && [...named.keys()].filter((suffix) => suffix !== '').length > 1) {
      reject('The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.');
    }
    return {
      groups: new Map([...named].map(([suffix, group]) => [suffix, resolveGroup(world, group)])),
      groupPolicy,
      sameSubtree,
      rootRequired: traitIds(world, root.required.flat()),
      rootForbidden: traitIds(world, root.forbidden),
      limit: limit === undefined ? undefined : Number(limit),
    };
  });
}

/** The query of `GET /resource_providers` at microversion 1.`minor`, with the same assumptions. */
export function parseProviderFilters(world: World, params: QueryParams, minor: number): QueryResult<ProviderFilters> {
  return parsing(() => {
    const last = (key: string): string | undefined => valuesOf(params, key).at(-1);
    const uuid = last('uuid');
    const inTree = last('in_tree');
    const resources = last('resources');
    const traits = parseRequired(valuesOf(params, 'required'), minor);
    refuseConflicts(conflictsOf(traits, 'required'));
    return {
      name: last('name'),
      uuid: uuid === undefined ? undefined : (normalizeUuid(uuid) ?? uuid),
      inTree: inTree === undefined ? undefined : parseInTree(inTree),
      ...parseMemberOf(valuesOf(params, 'member_of'), '', minor),
      ...resolveTraits(world, traits),
      resources: resources === undefined ? undefined : resolveResources(world, parseResources(resources)),
    };
  });
}

function parseRoot(params: QueryParams): TraitNames {
  const values = valuesOf(params, 'root_required');
  if (values.length > 1) reject("Query parameter 'root_required' may be specified only once.", 'placement.query.duplicate_key');
  const traits = values.length === 0 ? { required: [], forbidden: [] } : parseAllOf(values[0]!, 22);
  const conflicts = traits.required.flat().filter((name) => traits.forbidden.includes(name));
  if (conflicts.length > 0) {
    reject(
      `Conflicting required and forbidden traits found in root_required: ${conflicts.join(', ')}`,
      'placement.query.bad_value',
    );
  }
  return traits;
}

function parseSubtree(value: string): string[] {
  const suffixes = [...new Set(value.split(',').map((suffix) => suffix.trim()))];
  if (suffixes.includes(''))
    reject('Empty string (unsuffixed group) can not be specified in `same_subtree` ', 'placement.query.bad_value');
  return suffixes;
}

function refuseConflicts(conflicts: readonly string[]): void {
  if (conflicts.length > 0)
    reject(`Conflicting required and forbidden traits found in the following traits keys: ${conflicts.join(', ')}`);
}

const resolveGroup = (world: World, group: NamedGroup): RequestGroup => ({
  ...group,
  ...resolveTraits(world, group),
  resources: resolveResources(world, group.resources),
});

const resolveTraits = (world: World, { required, forbidden }: TraitNames): { required: number[][]; forbidden: number[] } => {
  traitIds(world, [...required.flat(), ...forbidden]);
  return { required: required.map((set) => traitIds(world, set)), forbidden: traitIds(world, forbidden) };
};

function resolveResources(world: World, resources: ReadonlyMap<string, number>): Map<number, number> {
  const ids = known(world.classes, [...resources.keys()], (unknown) =>
    reject(`Invalid resource class in resources parameter: No such resource class ${unknown[0]}.`),
  );
  return new Map([...resources.values()].map((amount, at) => [ids[at]!, amount]));
}

const traitIds = (world: World, names: readonly string[]): number[] =>
  known(world.traits, names, (unknown) => reject(`No such trait(s): ${unknown.sort().join(', ')}.`));

/** Ids of all names; calls `otherwise`, which must not return, when some are unknown. */
function known(table: NameTable, names: readonly string[], otherwise: (unknown: string[]) => never): number[] {
  const ids = names.map((name) => table.id(name));
  if (ids.includes(undefined)) otherwise([...new Set(names.filter((_, at) => ids[at] === undefined))]);
  return ids as number[];
}
