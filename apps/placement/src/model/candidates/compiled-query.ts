import type { World } from '../world/index.js';
import type { CandidateQuery, RequestGroup, SearchOptions } from './query.js';

/** A request group with everything resolved against one world. */
export interface CompiledGroup {
  readonly suffix: string;
  /** Class ids ascending, and the amount of each. */
  readonly classIds: readonly number[];
  readonly amounts: readonly number[];
  readonly required: readonly (readonly number[])[];
  readonly forbidden: readonly number[];
  readonly memberOf: readonly (readonly number[])[];
  readonly forbiddenAggregates: readonly number[];
  /** Row id of the root of the tree that the group is confined to; -1 for any. */
  readonly treeRootId: number;
}

export interface CompiledQuery {
  /** The group that several providers may serve. */
  readonly shared: CompiledGroup | undefined;
  /** The groups that one provider each must serve. */
  readonly single: readonly CompiledGroup[];
  readonly isolate: boolean;
  readonly sameSubtree: readonly (readonly string[])[];
  readonly rootRequired: readonly number[];
  readonly rootForbidden: readonly number[];
  readonly nestedAware: boolean;
}

/** Resolves a query; undefined when nothing can match (unknown aggregate or tree, a group that asks for nothing). */
export function compileQuery(world: World, query: CandidateQuery, options: SearchOptions): CompiledQuery | undefined {
  const groups: CompiledGroup[] = [];
  for (const [suffix, group] of query.groups) {
    const compiled = compileGroup(world, suffix, group);
    if (compiled === undefined) return undefined;
    groups.push(compiled);
  }
  if (groups.every((group) => group.classIds.length === 0)) return undefined;
  return {
    shared: groups.find((group) => group.suffix === ''),
    single: groups.filter((group) => group.suffix !== ''),
    isolate: query.groupPolicy === 'isolate',
    sameSubtree: query.sameSubtree ?? [],
    rootRequired: query.rootRequired ?? [],
    rootForbidden: query.rootForbidden ?? [],
    nestedAware: options.nestedAware,
  };
}

function compileGroup(world: World, suffix: string, group: RequestGroup): CompiledGroup | undefined {
  const memberOf = group.memberOf.map((uuids) => knownAggregates(world, uuids));
  const treeRootId = group.inTree === undefined ? -1 : treeOf(world, group.inTree);
  // A group without resources needs something positive to be found by: a trait or an aggregate.
  const vacuous = group.resources.size === 0 && group.required.length === 0 && memberOf.length === 0;
  if (vacuous || treeRootId === undefined || memberOf.some((ids) => ids.length === 0)) return undefined;
  const resources = [...group.resources].sort((a, b) => a[0] - b[0]);
  return {
    suffix,
    classIds: resources.map(([classId]) => classId),
    amounts: resources.map(([, amount]) => amount),
    required: group.required,
    forbidden: group.forbidden,
    memberOf,
    forbiddenAggregates: knownAggregates(world, group.forbiddenAggregates),
    treeRootId,
  };
}

const knownAggregates = (world: World, uuids: readonly string[]): number[] =>
  uuids.map((uuid) => world.aggregates.id(uuid)).filter((id) => id !== undefined);

function treeOf(world: World, uuid: string): number | undefined {
  const index = world.providers.indexOfUuid(uuid);
  return index === undefined ? undefined : world.providers.rootId[index];
}
