import type { Microversion } from '@kilonova/http';
import { badQuery, badRequest, ErrorCode } from '../../errors.js';
import type { CandidateQuery, GroupPolicy, RequestGroup } from '../../model/candidates/index.js';
import type { World } from '../../model/world/index.js';
import { Since } from '../versions.js';
import { classIds, traitIds, traitSets } from './name-resolution.js';
import { parseGroup, splitGroups, type WrittenGroup } from './request-groups.js';
import { requireResources } from './resourceless-groups.js';
import { NO_TRAITS, parseRootRequired, type TraitWish } from './traits-parameter.js';

/** `GET /allocation_candidates` as written, checked in itself but not yet against what exists. */
export interface WrittenCandidateQuery {
  readonly groups: ReadonlyMap<string, WrittenGroup>;
  readonly groupPolicy: GroupPolicy | undefined;
  readonly sameSubtree: readonly (readonly string[])[];
  readonly root: TraitWish;
  readonly limit: number | undefined;
}

/** Reads the query string. @throws AppError (400) on anything that is wrong whatever exists. */
export function parseCandidateQuery(query: URLSearchParams, version: Microversion): WrittenCandidateQuery {
  const raw = splitGroups(query, version);
  const sameSubtree = query.getAll('same_subtree').map((value) => parseSubtree(value, [...raw.keys()]));
  requireResources(raw, sameSubtree, version);
  const groups = new Map([...raw].map(([suffix, group]) => [suffix, parseGroup(group, suffix, version)]));
  const groupPolicy = (query.getAll('group_policy').at(-1) ?? undefined) as GroupPolicy | undefined;
  requirePolicy(groups, groupPolicy, version);
  const limit = query.getAll('limit').at(-1);
  return { groups, groupPolicy, sameSubtree, root: parseRoot(query), limit: limit === undefined ? undefined : Number(limit) };
}

function requirePolicy(groups: ReadonlyMap<string, WrittenGroup>, policy: string | undefined, version: Microversion): void {
  const suffixed = [...groups.keys()].filter((suffix) => suffix !== '').length;
  if (version < Since.granularGroups || suffixed < 2 || policy !== undefined) return;
  throw badRequest('The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.');
}

function parseRoot(query: URLSearchParams): TraitWish {
  const values = query.getAll('root_required');
  if (values.length > 1) throw badQuery('Query parameter "root_required" may be specified only once.', ErrorCode.queryDuplicateKey);
  const value = values[0];
  if (value === undefined) return NO_TRAITS;
  try {
    return parseRootRequired(value);
  } catch (error) {
    throw badRequest((error as Error).message, ErrorCode.queryBadValue);
  }
}

function parseSubtree(value: string, suffixes: readonly string[]): string[] {
  const named = value.split(',').map((suffix) => suffix.trim());
  if (named.includes('')) {
    throw badQuery('Empty string (unsuffixed group) can not be specified in `same_subtree`', ErrorCode.queryBadValue);
  }
  const unknown = named.filter((suffix) => !suffixes.includes(suffix));
  if (unknown.length > 0) {
    throw badQuery(
      `Real suffixes should be specified in \`same_subtree\`: ${unknown.join(', ')} not found in ${suffixes.join(', ')}`,
      ErrorCode.queryBadValue,
    );
  }
  return named;
}

/** The query with names looked up. @throws AppError (400) on an unknown class or trait. */
export function resolveCandidateQuery(world: World, written: WrittenCandidateQuery): CandidateQuery {
  return {
    groups: new Map([...written.groups].map(([suffix, group]) => [suffix, resolveGroup(world, group)])),
    groupPolicy: written.groupPolicy,
    sameSubtree: written.sameSubtree,
    rootRequired: traitIds(world, written.root.required.flat()),
    rootForbidden: traitIds(world, written.root.forbidden),
    limit: written.limit,
  };
}

const resolveGroup = (world: World, group: WrittenGroup): RequestGroup => ({
  resources: classIds(world, group.resources, (why) => badRequest(`Invalid resource class in resources parameter: ${why}`)),
  required: traitSets(world, group.traits.required),
  forbidden: traitIds(world, group.traits.forbidden),
  memberOf: group.membership.memberOf,
  forbiddenAggregates: group.membership.forbidden,
  inTree: group.inTree,
});
