import { isUuidLike, normalizeUuid } from '@kilonova/util';
import { reject } from './query-result.js';

const BAD_QUERY = 'Invalid query string parameters:';
const RESOURCES_FORM =
  'Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024.';
const ANY_FORM = "The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC'";

/** `VCPU:2,MEMORY_MB:1024` as class name to amount. */
export function parseResources(text: string): Map<string, number> {
  if (text.trim() === '') reject(`${RESOURCES_FORM} Got: empty string.`);
  return new Map(text.split(',').map(parseResource));
}

function parseResource(text: string): [string, number] {
  const [name = '', digits, ...rest] = text.split(':');
  if (digits === undefined || rest.length > 0) reject(`${RESOURCES_FORM} Got: ${text}.`);
  if (!/^\s*[+-]?\d+\s*$/.test(digits)) reject(`Requested resource ${name} expected positive integer amount. Got: ${digits}.`);
  const amount = Number(digits);
  if (amount < 1) reject(`Requested resource ${name} requires amount >= 1. Got: ${amount}.`);
  return [name, amount];
}

/** Required traits as any-of sets that all have to be met, and forbidden ones; all by name. */
export interface TraitNames {
  readonly required: readonly (readonly string[])[];
  readonly forbidden: readonly string[];
}

/**
 * All values of one `required` key: `T1,T2` (all), `!T` (none, since 1.22), `in:T1,T2` (any, since 1.39).
 * Before 1.39 only the last value counts.
 */
export function parseRequired(values: readonly string[], minor: number): TraitNames {
  const parts = (minor >= 39 ? values : values.slice(-1)).map((value) =>
    value.startsWith('in:') ? parseAnyOf(value, minor) : parseAllOf(value, minor),
  );
  return {
    required: parts.flatMap(({ required }) => required),
    forbidden: [...new Set(parts.flatMap(({ forbidden }) => forbidden))],
  };
}

function parseAnyOf(value: string, minor: number): TraitNames {
  if (minor < 39) reject(`${BAD_QUERY} ${ANY_FORM} only supported since microversion 1.39. Got: ${value}`);
  const names = splitNames(value.slice(3));
  if (names.includes(''))
    reject(
      `${BAD_QUERY} Expected 'required' parameter value of the form: in:HW_CPU_X86_VMX,CUSTOM_MAGIC. Got an empty trait in: ${value}`,
    );
  if (names.some((name) => name.startsWith('!')))
    reject(`${BAD_QUERY} ${ANY_FORM} does not support forbidden traits. Got: ${value}`);
  return { required: [names], forbidden: [] };
}

/** The form without `in:`; the one that `root_required` takes. */
export function parseAllOf(value: string, minor: number): TraitNames {
  const names = splitNames(value);
  const forbidden = names.filter((name) => name.startsWith('!')).map((name) => name.replace(/^!+/, ''));
  const form = minor >= 22 ? 'HW_CPU_X86_VMX,!CUSTOM_MAGIC' : 'HW_CPU_X86_VMX,CUSTOM_MAGIC';
  const expected = `${BAD_QUERY} Expected 'required' parameter value of the form: ${form}.`;
  if ([...names, ...forbidden].includes('')) reject(`${expected} Got an empty trait in: ${value}`);
  if (forbidden.length > 0 && minor < 22) reject(`${expected} Got: ${value}`);
  return { required: names.filter((name) => !name.startsWith('!')).map((name) => [name]), forbidden };
}

const splitNames = (text: string): string[] => text.split(',').map((part) => part.trim());

/** Aggregates by uuid: any-of sets that all have to be met, and forbidden ones. */
export interface Membership {
  readonly memberOf: readonly (readonly string[])[];
  readonly forbiddenAggregates: readonly string[];
}

/** All values of one `member_of` key: a uuid or `in:` several; repeated since 1.24; with `!` in front since 1.32. */
export function parseMemberOf(values: readonly string[], suffix: string, minor: number): Membership {
  if (values.length > 1 && minor < 24) reject(`Multiple member_of${suffix} parameters are not supported`);
  const parts = values.map(parseMembership);
  const forbiddenAggregates = parts.flatMap(({ uuids, forbids }) => (forbids ? uuids : []));
  if (forbiddenAggregates.length > 0 && minor < 32) {
    reject(`Forbidden member_of${suffix} parameters are not supported in the specified microversion`);
  }
  return { memberOf: parts.filter(({ forbids }) => !forbids).map(({ uuids }) => uuids), forbiddenAggregates };
}

function parseMembership(value: string): { uuids: string[]; forbids: boolean } {
  const forbids = value.startsWith('!');
  const rest = forbids ? value.slice(1) : value;
  const listed = rest.startsWith('in:');
  if (value.includes(',') && !listed) {
    reject(
      `Multiple values for 'member_of' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion. Got: ${value}`,
    );
  }
  const uuids = (listed ? rest.slice(3) : rest).split(',');
  const wrong = uuids.find((uuid) => !isUuidLike(uuid));
  if (wrong !== undefined) reject(`${BAD_QUERY} Expected 'member_of' parameter to contain valid UUID(s). Got: ${wrong}`);
  return { uuids: uuids.map((uuid) => normalizeUuid(uuid)!), forbids };
}

/** A provider uuid. */
export function parseInTree(value: string): string {
  const uuid = normalizeUuid(value.trim());
  if (uuid === undefined) reject(`${BAD_QUERY} Expected 'in_tree' parameter to be a format of uuid. Got: ${value}`);
  return uuid;
}

/** Refuses traits that are required and forbidden at once. `where` names the query key. */
export function conflictsOf({ required, forbidden }: TraitNames, where: string): string[] {
  return required
    .filter((set) => set.every((name) => forbidden.includes(name)))
    .map((set) => `${where}: (${[...set].sort().join(', ')})`);
}
