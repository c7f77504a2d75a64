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
  readonly schemaPath: readonly string[];
  readonly schema: unknown;
}

type Describe = (error: ErrorObject, value: unknown) => string;

const param = (error: ErrorObject, name: string): unknown => (error.params as Record<string, unknown>)[name];

const size = (word: (value: unknown) => string): Describe => (_error, value) => `${pythonRepr(value)} ${word(value)}`;

const MESSAGES: Readonly<Record<string, Describe>> = {
  required: (error) => `${pythonRepr(param(error, 'missingProperty'))} is a required property`,
  type: (error, value) => `${pythonRepr(value)} is not of type ${types(error)}`,
  additionalProperties: (error, value) => unexpectedProperties(error, value),
  enum: (error, value) => `${pythonRepr(value)} is not one of ${pythonRepr(error.schema)}`,
  const: (error) => `${pythonRepr(error.schema)} was expected`,
  pattern: (error, value) => `${pythonRepr(value)} does not match ${pythonRepr(param(error, 'pattern'))}`,
  format: (error, value) => `${pythonRepr(value)} is not a ${pythonRepr(param(error, 'format'))}`,
  minimum: (error, value) => `${String(value)} is less than the minimum of ${String(param(error, 'limit'))}`,
  maximum: (error, value) => `${String(value)} is greater than the maximum of ${String(param(error, 'limit'))}`,
  minLength: size(() => 'is too short'),
  maxLength: size(() => 'is too long'),
  minItems: size((value) => (Array.isArray(value) && value.length === 0 ? 'is too short' : 'is too short')),
  maxItems: size(() => 'is too long'),
  uniqueItems: size(() => 'has non-unique elements'),
  minProperties: size(() => 'does not have enough properties'),
  maxProperties: size(() => 'has too many properties'),
  anyOf: size(() => 'is not valid under any of the given schemas'),
  oneOf: size(() => 'is not valid under any of the given schemas'),
  not: (error, value) => `${pythonRepr(value)} should not be valid under ${pythonRepr(error.schema)}`,
};

const types = (error: ErrorObject): string => {
  const type = error.schema;
  return Array.isArray(type) ? type.map(pythonRepr).join(', ') : pythonRepr(type);
};

/** Names what was unexpected; with patterns, the patterns too. */
function unexpectedProperties(error: ErrorObject, value: unknown): string {
  const parent = (error.parentSchema ?? {}) as { properties?: object; patternProperties?: object };
  const patterns = Object.keys(parent.patternProperties ?? {});
  const extra = Object.keys(value as object).filter(
    (key) => !(key in (parent.properties ?? {})) && !patterns.some((pattern) => new RegExp(pattern, 'u').test(key)),
  );
  const names = extra.map(pythonRepr).join(', ');
  if (patterns.length === 0) return `Additional properties are not allowed (${names} ${extra.length === 1 ? 'was' : 'were'} unexpected)`;
  return `${names} ${extra.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns.map(pythonRepr).join(', ')}`;
}

const unescaped = (part: string): string => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');

const pointer = (path: string): string[] => path.split('/').slice(1).map(unescaped);

/** An alternative's own faults are listed before the failing `anyOf`; the outermost keyword is what is reported. */
const outermost = (errors: readonly ErrorObject[]): ErrorObject => {
  const last = errors.at(-1) as ErrorObject;
  return last.keyword === 'anyOf' || last.keyword === 'oneOf' ? last : (errors[0] as ErrorObject);
};

/** @param errors of a validator with `verbose` set, not empty. */
export function schemaFault(errors: readonly ErrorObject[]): SchemaFault {
  const error = outermost(errors);
  const value = error.data;
  const path = pointer(error.instancePath).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const describe = MESSAGES[error.keyword];
  const message = describe === undefined ? (error.message ?? 'is not valid') : describe(error, value);
  return { message, path, value, keyword: error.keyword, schemaPath: pointer(error.schemaPath).slice(0, -1), schema: error.parentSchema };
}

const brackets = (path: ReadonlyArray<string | number>): string =>
  path.map((part) => `[${typeof part === 'number' ? part : pythonRepr(part)}]`).join('');

/** The fault with the schema and the instance that it is about, as Python prints a ValidationError, on one line. */
export const fullFaultText = (fault: SchemaFault): string =>
  `${fault.message}  Failed validating ${pythonRepr(fault.keyword)} in schema${brackets(fault.schemaPath)}:     ${pythonRepr(fault.schema)}  ` +
  `On instance${brackets(fault.path)}:     ${pythonRepr(fault.value)}`;
