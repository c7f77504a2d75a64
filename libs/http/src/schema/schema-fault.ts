import type { ErrorObject } from 'ajv';
import { pythonRepr } from './python-repr.js';

/** What is wrong with a document, said as Python's jsonschema says it. */
export interface SchemaFault {
  /** `'name' is a required property` */
  readonly message: string;
  /** Keys and indexes that lead to the faulty value. */
  readonly path: ReadonlyArray<string | number>;
  readonly value: unknown;
  /** The schema's keyword that failed, the path of the schema that holds it, and that schema. */
  readonly keyword: string;
  readonly schemaPath: ReadonlyArray<string | number>;
  readonly schema: unknown;
}

type Describe = (error: ErrorObject, value: unknown) => string;

const param = (error: ErrorObject, name: string): unknown => (error.params as Record<string, unknown>)[name];

const says =
  (words: string): Describe =>
  (_error, value) =>
    `${pythonRepr(value)} ${words}`;

const compared =
  (words: string): Describe =>
  (error, value) =>
    `${pythonRepr(value)} is ${words} of ${pythonRepr(error.schema)}`;

const MESSAGES: Readonly<Record<string, Describe>> = {
  required: (error) => `${pythonRepr(param(error, 'missingProperty'))} is a required property`,
  dependentRequired: (error) =>
    `${pythonRepr(param(error, 'missingProperty'))} is a dependency of ${pythonRepr(param(error, 'property'))}`,
  dependencies: (error) =>
    `${pythonRepr(param(error, 'missingProperty'))} is a dependency of ${pythonRepr(param(error, 'property'))}`,
  type: (error, value) => `${pythonRepr(value)} is not of type ${types(error)}`,
  additionalProperties: (error, value) => unexpectedProperties(error, value),
  propertyNames: (error) => `${pythonRepr(param(error, 'propertyName'))} is not a valid name`,
  enum: (error, value) => `${pythonRepr(value)} is not one of ${pythonRepr(error.schema)}`,
  const: (error) => `${pythonRepr(error.schema)} was expected`,
  pattern: (error, value) => `${pythonRepr(value)} does not match ${pythonRepr(error.schema)}`,
  format: (error, value) => `${pythonRepr(value)} is not a ${pythonRepr(error.schema)}`,
  minimum: compared('less than the minimum'),
  maximum: compared('greater than the maximum'),
  exclusiveMinimum: (error, value) => `${pythonRepr(value)} is less than or equal to the minimum of ${pythonRepr(error.schema)}`,
  exclusiveMaximum: (error, value) =>
    `${pythonRepr(value)} is greater than or equal to the maximum of ${pythonRepr(error.schema)}`,
  multipleOf: (error, value) => `${pythonRepr(value)} is not a multiple of ${pythonRepr(error.schema)}`,
  minLength: says('is too short'),
  maxLength: says('is too long'),
  minItems: says('is too short'),
  maxItems: says('is too long'),
  uniqueItems: says('has non-unique elements'),
  minProperties: says('does not have enough properties'),
  maxProperties: says('has too many properties'),
  anyOf: says('is not valid under any of the given schemas'),
  oneOf: (error, value) =>
    param(error, 'passingSchemas') === null
      ? `${pythonRepr(value)} is not valid under any of the given schemas`
      : `${pythonRepr(value)} is valid under each of ${bothSchemas(error)}`,
  not: (error, value) => `${pythonRepr(value)} should not be valid under ${pythonRepr(error.schema)}`,
  'false schema': (_error, value) => `False schema does not allow ${pythonRepr(value)}`,
};

const types = (error: ErrorObject): string => {
  const type = error.schema;
  return Array.isArray(type) ? type.map((item) => pythonRepr(item)).join(', ') : pythonRepr(type);
};

/** The alternatives of a `oneOf` that hold both, the later one first. */
const bothSchemas = (error: ErrorObject): string =>
  (param(error, 'passingSchemas') as number[])
    .toReversed()
    .map((index) => pythonRepr((error.schema as unknown[])[index]))
    .join(', ');

/** Names what was unexpected; with patterns, the patterns too. */
function unexpectedProperties(error: ErrorObject, value: unknown): string {
  const parent = (error.parentSchema ?? {}) as { properties?: object; patternProperties?: object };
  const patterns = Object.keys(parent.patternProperties ?? {});
  const extra = Object.keys(value as object).filter(
    (key) => !(key in (parent.properties ?? {})) && !patterns.some((pattern) => new RegExp(pattern).test(key)),
  );
  const names = extra.map((item) => pythonRepr(item)).join(', ');
  if (patterns.length === 0)
    return `Additional properties are not allowed (${names} ${extra.length === 1 ? 'was' : 'were'} unexpected)`;
  return `${names} ${extra.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns.map((item) => pythonRepr(item)).join(', ')}`;
}

const unescaped = (part: string): string => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');

const pointer = (path: string): string[] => path.split('/').slice(1).map(unescaped);

const numbered = (path: readonly string[]): Array<string | number> =>
  path.map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** Which of several faults is told: the first in the order of the schema's text, or the one nearest to the document's root. */
export type FaultOrder = 'first' | 'outermost';

/** The alternatives' own faults are the reasons of an `anyOf` that failed; only that it failed is told. */
function withoutReasons(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'not');
  return errors.filter(
    (error) => !alternatives.some((other) => other !== error && error.schemaPath.startsWith(`${other.schemaPath}/`)),
  );
}

/** The place of a keyword in the schema's text: the index of each step among its siblings. */
function position(error: ErrorObject, root: unknown): readonly number[] {
  const places: number[] = [];
  let at = root;
  for (const step of pointer(error.schemaPath)) {
    if (typeof at !== 'object' || at === null) break;
    places.push(Array.isArray(at) ? Number(step) : Object.keys(at).indexOf(step));
    at = (at as Record<string, unknown>)[step];
  }
  return places;
}

function comesBefore(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const depth = (error: ErrorObject): number => error.instancePath.split('/').length;

function chosen(errors: readonly ErrorObject[], root: unknown, order: FaultOrder): ErrorObject {
  const placed = withoutReasons(errors).map((error) => ({ error, place: position(error, root) }));
  placed.sort((a, b) => (order === 'outermost' ? depth(a.error) - depth(b.error) : 0) || comesBefore(a.place, b.place));
  return placed[0]?.error ?? (errors[0] as ErrorObject);
}

/**
 * @param errors of a validator with `verbose` set, not empty.
 * @param root the schema that was checked against.
 */
export function schemaFault(
  errors: readonly ErrorObject[],
  root: unknown = undefined,
  order: FaultOrder = 'outermost',
): SchemaFault {
  const error = chosen(errors, root, order);
  const value = error.data;
  const describe = MESSAGES[error.keyword];
  const message = describe === undefined ? (error.message ?? 'is not valid') : describe(error, value);
  const schemaPath = numbered(pointer(error.schemaPath)).slice(0, -1);
  return {
    message,
    path: numbered(pointer(error.instancePath)),
    value,
    keyword: error.keyword,
    schemaPath,
    schema: error.parentSchema,
  };
}

/** Longest text of a document that is quoted back, characters. */
const QUOTE_LIMIT = 4_000;

const quoted = (value: unknown): string => {
  const text = pythonRepr(value, true);
  return text.length > QUOTE_LIMIT ? `${text.slice(0, QUOTE_LIMIT)}…` : text;
};

const brackets = (path: ReadonlyArray<string | number>): string =>
  path.map((part) => `[${typeof part === 'number' ? part : pythonRepr(part)}]`).join('');

/** The fault with the schema and the instance that it is about, as Python prints a ValidationError, on one line. */
export const fullFaultText = (fault: SchemaFault): string =>
  `${fault.message}  Failed validating ${pythonRepr(fault.keyword)} in schema${brackets(fault.schemaPath)}:     ${quoted(fault.schema)}  ` +
  `On instance${brackets(fault.path)}:     ${quoted(fault.value)}`;
