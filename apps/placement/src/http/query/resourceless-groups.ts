import type { Microversion } from '@kilonova/http';
import { badQuery, badRequest, ErrorCode } from '../../errors.js';
import { Since } from '../versions.js';
import type { RawGroup } from './request-groups.js';

/**
 * Each group must ask for resources; from 1.36 on one that `same_subtree` names need not.
 * @throws AppError (400) naming what lacks them.
 */
export function requireResources(groups: ReadonlyMap<string, RawGroup>, sameSubtree: readonly (readonly string[])[], version: Microversion): void {
  const bare = [...groups].filter(([, group]) => !group.has('resources')).map(([suffix]) => suffix);
  if (version >= Since.resourcelessGroups) return requireNamed(groups.size, bare, sameSubtree);
  if (groups.size === 0 || groups.size === bare.length) refuseOrphans(groups);
  const orphan = bare[0];
  if (orphan !== undefined) throw badQuery('All request groups must specify resources.');
}

function requireNamed(groups: number, bare: readonly string[], sameSubtree: readonly (readonly string[])[]): void {
  if (bare.length === groups) {
    throw badQuery('There must be at least one resources or resources[$S] parameter.', ErrorCode.queryMissingValue);
  }
  const named = new Set(sameSubtree.flat());
  const unnamed = bare.filter((suffix) => suffix !== '' && !named.has(suffix));
  if (unnamed.length > 0) {
    throw badRequest(
      `Resourceless suffixed group request should be specified in \`same_subtree\` query param: bad group(s) - ${unnamed.join(', ')}.`,
      ErrorCode.queryBadValue,
    );
  }
  if (bare.includes('')) throw badQuery('All request groups must specify resources.', ErrorCode.queryBadValue);
}

/** No group has resources: the message names the parameters that belong to nothing. */
function refuseOrphans(groups: ReadonlyMap<string, RawGroup>): void {
  for (const key of ['required', 'member_of', 'in_tree'] as const) {
    const orphans = [...groups].filter(([, group]) => group.has(key)).map(([suffix]) => `${key}${suffix}`);
    if (orphans.length > 0) {
      const what = key === 'required' ? 'traits' : key;
      throw badRequest(`All ${what} parameters must be associated with resources.  Found the following orphaned ${what} keys: ${orphans.join(', ')}`);
    }
  }
  throw badRequest('At least one request group must be specified (`resources` or `resources{$S}` parameter).');
}
