import { type JsonSchema, type MessageInfo, understands } from '@kilonova/util';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { invalidArguments, unsupportedVersion } from '../wire/bus-errors.js';

// The first fault ends a check: an attacker's list of a million wrong entries must not become a million faults.
const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true, messages: true });
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** Compiled when it is first needed, once a process. */
function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** Where and what, without the value: arguments may hold secrets. */
const faultOf = ({ instancePath, message }: ErrorObject) => ({ path: instancePath || '/', fault: message ?? 'is not allowed' });

/**
 * @param version what the sender knew
 * @throws AppError `unsupported-version`, code `messaging.version.unsupported`, for another major; `invalid-input`, code
 *   `messaging.arguments.invalid`, details `paths`, for arguments that do not fit the schema.
 */
export function checkMessage(message: MessageInfo, version: string, args: unknown): void {
  if (!understands(message.version, version)) throw unsupportedVersion(message, version);
  const validate = validatorOf(message.args);
  if (!validate(args)) throw invalidArguments(message.name, (validate.errors ?? []).map(faultOf));
}
