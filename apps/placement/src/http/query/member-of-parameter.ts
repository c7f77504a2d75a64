import type { Microversion } from '@kilonova/http';
import { isUuidLike, normalizeUuid } from '@kilonova/util';
import { badQuery } from '../../errors.js';
import { Since } from '../versions.js';

/** Aggregates by uuid: a member of at least one of each inner set, and of none of the forbidden ones. */
export interface MembershipWish {
  readonly memberOf: readonly (readonly string[])[];
  readonly forbidden: readonly string[];
}

export const NO_MEMBERSHIP: MembershipWish = { memberOf: [], forbidden: [] };

/**
 * Reads the occurrences of `member_of`: a uuid, `in:u1,u2`, from 1.32 `!u` and `!in:u1,u2`; several from 1.24.
 * @throws AppError (400) on any other form, or one that the microversion does not know.
 */
export function parseMemberOf(values: readonly string[], version: Microversion, key = 'member_of'): MembershipWish {
  if (values.length > 1 && version < Since.repeatedMemberOf) throw badQuery(`Multiple ${key} parameters are not supported`);
  const memberOf: string[][] = [];
  const forbidden: string[] = [];
  for (const value of values) {
    const forbids = value.startsWith('!');
    if (forbids && version < Since.forbiddenAggregates) {
      throw badQuery('Forbidden member_of parameters are not supported in the specified microversion');
    }
    const uuids = parseUuids(forbids ? value.slice(1) : value, key);
    if (forbids) forbidden.push(...uuids);
    else memberOf.push(uuids);
  }
  return { memberOf, forbidden };
}

function parseUuids(value: string, key: string): string[] {
  const many = value.startsWith('in:');
  const parts = (many ? value.slice('in:'.length) : value).split(',');
  if (!many && parts.length > 1) {
    throw badQuery(
      `Multiple values for '${key}' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion. Got: ${value}`,
    );
  }
  if (!parts.every(isUuidLike)) throw badQuery(`Expected '${key}' parameter to contain valid UUID(s). Got: ${value}`);
  return parts.map((part) => normalizeUuid(part) as string);
}
