import { isIP } from 'node:net';
import { isUuidLike } from '@kilonova/util';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonSchema } from '../route.js';
import { NAME_FORMATS } from './name-format.js';
import { type FaultOrder, type SchemaFault, schemaFault } from './schema-fault.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Formats as the reference services understand them. Texts only; other types are none of a format's business. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: isUuidLike,
  base64: (text) => BASE64.test(text.replace(/\s/g, '')),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  ip: (text) => isIP(text) !== 0,
  uri: (text) => URL.canParse(text),
  ...NAME_FORMATS,
  regex: isRegex,
  'date-time': (text) =>
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text) && !Number.isNaN(Date.parse(text)),
};

/** Options at the begin of a pattern, which Python and PostgreSQL know. */
const LEADING_OPTIONS = /^\(\?[a-zA-Z]+\)/;

function isRegex(text: string): boolean {
  try {
    return new RegExp(text.replace(LEADING_OPTIONS, '')) instanceof RegExp;
  } catch {
    return false;
  }
}

const SETTINGS = { strict: false, verbose: true, formats: FORMATS, logger: false, unicodeRegExp: false } as const;

/** Compiled once per schema object; two kinds, as dropping unknown keys changes the document. */
class Compiled {
  readonly #checks = new WeakMap<JsonSchema, ValidateFunction>();

  constructor(private readonly ajv: Ajv) {}

  of(schema: JsonSchema): ValidateFunction {
    let check = this.#checks.get(schema);
    if (check === undefined) {
      check = this.ajv.compile(schema);
      this.#checks.set(schema, check);
    }
    return check;
  }
}

const strict = new Compiled(new Ajv({ ...SETTINGS, allErrors: false }));
const dropping = new Compiled(new Ajv({ ...SETTINGS, allErrors: false, removeAdditional: true }));
/** Finds every fault, so that the outermost can be told; only asked about documents that are known to be faulty. */
const thorough = new Compiled(new Ajv({ ...SETTINGS, allErrors: true }));

export interface ValidateOptions {
  /** Drops keys that the schema does not know from the document instead of refusing them. */
  readonly relaxed?: boolean;
  /** Which fault is told when there are several; default the outermost. */
  readonly order?: FaultOrder;
}

/** So many faults are weighed against each other, which takes time by their square; of more, the first that was found is told. */
const MOST_FAULTS = 200;

function allFaults(schema: JsonSchema, document: unknown, found: readonly ErrorObject[]): readonly ErrorObject[] {
  const check = thorough.of(schema);
  check(document);
  return check.errors == null || check.errors.length > MOST_FAULTS ? found : check.errors;
}

/** Checks a document. @returns undefined when it is valid. */
export function validate(
  schema: JsonSchema,
  document: unknown,
  { relaxed = false, order }: ValidateOptions = {},
): SchemaFault | undefined {
  const check = (relaxed ? dropping : strict).of(schema);
  if (check(document)) return undefined;
  return schemaFault(relaxed ? (check.errors ?? []) : allFaults(schema, document, check.errors ?? []), schema, order);
}

/** Whether a schema can be compiled at all. @throws Ajv's error. */
export function compile(schema: JsonSchema): void {
  strict.of(schema);
}
