import { isIP } from 'node:net';
import { isUuidLike } from '@kilonova/util';
import { Ajv, type ValidateFunction } from 'ajv';
import type { JsonSchema } from '../route.js';
import { type SchemaFault, schemaFault } from './schema-fault.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Formats as the reference services understand them. Texts only; other types are none of a format's business. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: isUuidLike,
  base64: (text) => BASE64.test(text.replace(/\s/g, '')),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  ip: (text) => isIP(text) !== 0,
  uri: (text) => URL.canParse(text),
  regex: isRegex,
  'date-time': (text) => /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text) && !Number.isNaN(Date.parse(text)),
};

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const ajv = new Ajv({ strict: false, verbose: true, allErrors: false, formats: FORMATS, logger: false });

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** Checks a document; a schema object is compiled once. @returns undefined when it is valid. */
export function validate(schema: JsonSchema, document: unknown): SchemaFault | undefined {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = ajv.compile(schema);
    compiled.set(schema, check);
  }
  return check(document) ? undefined : schemaFault(check.errors ?? []);
}

/** Compiles ahead of the first request, so that a schema which cannot be compiled is found at start. */
export const precompile = (schema: JsonSchema): void => void validate(schema, undefined);
