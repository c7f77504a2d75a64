import type { Microversion } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { badRequest } from '../../errors.js';
import type { ProviderFilters } from '../../model/candidates/index.js';
import type { World } from '../../model/world/index.js';
import { NO_MEMBERSHIP, parseMemberOf } from './member-of-parameter.js';
import { classIds, traitIds, traitSets } from './name-resolution.js';
import { parseResources } from './resources-parameter.js';
import { NO_TRAITS, parseRequired } from './traits-parameter.js';

/**
 * The filters of `GET /resource_providers`, with class and trait names looked up in the world.
 * @throws AppError (400) on a malformed parameter, an unknown class or trait.
 */
export function providerFilters(query: URLSearchParams, version: Microversion): (world: World) => ProviderFilters {
  const resources = query.has('resources') ? parseResources(last(query, 'resources') ?? '') : undefined;
  const traits = query.has('required') ? parseRequired(query.getAll('required'), version) : NO_TRAITS;
  const membership = query.has('member_of') ? parseMemberOf(query.getAll('member_of'), version) : NO_MEMBERSHIP;
  const plain = { name: last(query, 'name'), uuid: uuidOf(query, 'uuid'), inTree: uuidOf(query, 'in_tree') };
  return (world) => ({
    ...plain,
    ...(resources !== undefined && { resources: classIds(world, resources, (why) => badRequest(`Invalid resource class in resources parameter: ${why}`)) }),
    required: traitSets(world, traits.required),
    forbidden: traitIds(world, traits.forbidden),
    memberOf: membership.memberOf,
    forbiddenAggregates: membership.forbidden,
  });
}

/** Of a repeated parameter the last counts. */
const last = (query: URLSearchParams, key: string): string | undefined => query.getAll(key).at(-1);

function uuidOf(query: URLSearchParams, key: string): string | undefined {
  const value = last(query, key);
  return value === undefined ? undefined : (normalizeUuid(value) ?? value);
}
