import type { Microversion } from '@kilonova/http';
import { isUuidLike, normalizeUuid } from '@kilonova/util';
import { badQuery } from '../../errors.js';
import { Since } from '../versions.js';
import { type MembershipWish, NO_MEMBERSHIP, parseMemberOf } from './member-of-parameter.js';
import { parseResources } from './resources-parameter.js';
import { NO_TRAITS, parseRequired, type TraitWish } from './traits-parameter.js';

/** One request group as written: class and trait names, no ids. */
export interface WrittenGroup {
  readonly resources: ReadonlyMap<string, number>;
  readonly traits: TraitWish;
  readonly membership: MembershipWish;
  readonly inTree: string | undefined;
}

/** The parameters that a group is made of. */
const GROUP_KEYS = ['resources', 'required', 'member_of', 'in_tree'] as const;
type GroupKey = (typeof GROUP_KEYS)[number];

/** The raw values of one group, by parameter. */
export type RawGroup = ReadonlyMap<GroupKey, readonly string[]>;

/** The raw values by suffix, the group without one ("") first. */
export function splitGroups(query: URLSearchParams, version: Microversion): ReadonlyMap<string, RawGroup> {
  const groups = new Map<string, Map<GroupKey, readonly string[]>>();
  for (const key of new Set(query.keys())) {
    const place = placeOf(key, version);
    if (place === undefined) continue;
    const group = groups.get(place.suffix) ?? new Map<GroupKey, readonly string[]>();
    groups.set(place.suffix, group.set(place.key, query.getAll(key)));
  }
  return new Map([...groups].sort(([a], [b]) => Number(a !== '') - Number(b !== '')));
}

/** Which parameter of which group a key of the query is. */
function placeOf(text: string, version: Microversion): { key: GroupKey; suffix: string } | undefined {
  const pattern = version >= Since.textSuffixes ? '[a-zA-Z0-9_-]{0,64}' : '(?:[1-9][0-9]*)?';
  const match = new RegExp(`^(?<key>${GROUP_KEYS.join('|')})(?<suffix>${pattern})$`).exec(text);
  if (match?.groups === undefined) return undefined;
  return { key: match.groups['key'] as GroupKey, suffix: match.groups['suffix'] ?? '' };
}

/** Reads one group. @throws AppError (400) on a malformed value. */
export function parseGroup(raw: RawGroup, suffix: string, version: Microversion): WrittenGroup {
  const resources = raw.get('resources')?.at(-1);
  const required = raw.get('required');
  const memberOf = raw.get('member_of');
  return {
    resources: resources === undefined ? new Map() : parseResources(resources),
    traits: required === undefined ? NO_TRAITS : parseRequired(required, version, `required${suffix}`),
    membership: memberOf === undefined ? NO_MEMBERSHIP : parseMemberOf(memberOf, version, `member_of${suffix}`),
    inTree: parseInTree(raw.get('in_tree')?.at(-1), `in_tree${suffix}`),
  };
}

function parseInTree(value: string | undefined, key: string): string | undefined {
  if (value === undefined) return undefined;
  if (!isUuidLike(value)) throw badQuery(`Expected '${key}' parameter to be a format of uuid. Got: ${value}`);
  return normalizeUuid(value);
}
