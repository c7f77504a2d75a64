import {
  conflictsOf,
  type Membership,
  parseInTree,
  parseMemberOf,
  parseRequired,
  parseResources,
  type TraitNames,
} from './parse-parts.js';
import { type QueryParams, reject, valuesOf } from './query-result.js';

/** A request group with names as the query has them. */
export interface NamedGroup extends TraitNames, Membership {
  readonly resources: ReadonlyMap<string, number>;
  readonly inTree?: string;
}

const KEYS = 'resources|required|member_of|in_tree';
const NUMBERED = new RegExp(`^(${KEYS})([1-9][0-9]*)?$`);
const NAMED = new RegExp(`^(${KEYS})([a-zA-Z0-9_-]{1,64})?$`);

/** Request groups by suffix, in order of first mention, checked for what each microversion demands of them. */
export function parseGroups(
  params: QueryParams,
  sameSubtree: readonly (readonly string[])[],
  minor: number,
): Map<string, NamedGroup> {
  const pattern = minor >= 33 ? NAMED : NUMBERED;
  const suffixes = new Set(
    params.flatMap(([key]) => {
      const match = pattern.exec(key);
      return match === null ? [] : [match[2] ?? ''];
    }),
  );
  const groups = new Map([...suffixes].map((suffix) => [suffix, parseGroup(params, suffix, minor)]));
  if (minor >= 36) checkResourceless(groups, new Set(sameSubtree.flat()));
  else checkOrphans(groups);
  checkConflicts(groups);
  return groups;
}

function parseGroup(params: QueryParams, suffix: string, minor: number): NamedGroup {
  const last = (key: string): string | undefined => valuesOf(params, key + suffix).at(-1);
  const resources = last('resources');
  const inTree = last('in_tree');
  return {
    resources: resources === undefined ? new Map() : parseResources(resources),
    ...parseRequired(valuesOf(params, `required${suffix}`), minor),
    ...parseMemberOf(valuesOf(params, `member_of${suffix}`), suffix, minor),
    ...(inTree === undefined ? {} : { inTree: parseInTree(inTree) }),
  };
}

/** From 1.36 a group may come without resources, if `same_subtree` ties it to one that has some. */
function checkResourceless(groups: ReadonlyMap<string, NamedGroup>, tied: ReadonlySet<string>): void {
  const resourceless = [...groups].filter(([, group]) => group.resources.size === 0).map(([suffix]) => suffix);
  if (resourceless.length === groups.size) {
    reject('There must be at least one resources or resources[$S] parameter.', 'placement.query.missing_value');
  }
  const loose = resourceless.filter((suffix) => !tied.has(suffix));
  if (loose.length > 0) {
    reject(
      `Resourceless suffixed group request should be specified in \`same_subtree\` query param: bad group(s) - ${listed(loose)}.`,
      'placement.query.bad_value',
    );
  }
  const unreal = [...tied].filter((suffix) => !groups.has(suffix));
  if (unreal.length > 0) {
    reject(
      `Real suffixes should be specified in \`same_subtree\`: ${listed(unreal)} not found in ${listed([...groups.keys()])}.`,
      'placement.query.bad_value',
    );
  }
}

function checkOrphans(groups: ReadonlyMap<string, NamedGroup>): void {
  const orphans = (key: string, has: (group: NamedGroup) => boolean): string[] =>
    [...groups].filter(([, group]) => group.resources.size === 0 && has(group)).map(([suffix]) => key + suffix);
  const traits = orphans('required', ({ required }) => required.length > 0);
  if (traits.length > 0) {
    reject(
      `All traits parameters must be associated with resources.  Found the following orphaned traits keys: ${traits.join(', ')}`,
    );
  }
  const memberships = orphans(
    'member_of',
    ({ memberOf, forbiddenAggregates }) => memberOf.length + forbiddenAggregates.length > 0,
  );
  if (memberships.length > 0) {
    reject(
      `All member_of parameters must be associated with resources. Found the following orphaned member_of keys: ${memberships.join(', ')}`,
    );
  }
  if (groups.size === 0) reject('At least one request group (`resources` or `resources{$S}`) is required.');
  if ([...groups.values()].some(({ resources }) => resources.size === 0)) reject('All request groups must specify resources.');
}

function checkConflicts(groups: ReadonlyMap<string, NamedGroup>): void {
  const conflicts = [...groups].flatMap(([suffix, group]) => conflictsOf(group, `required${suffix}`));
  if (conflicts.length > 0) {
    reject(`Conflicting required and forbidden traits found in the following traits keys: ${conflicts.sort().join(', ')}`);
  }
}

/** As clients have seen lists in these texts: ['a', 'b']. */
const listed = (suffixes: readonly string[]): string => `[${suffixes.map((suffix) => `'${suffix}'`).join(', ')}]`;
