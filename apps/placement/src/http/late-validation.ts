import { fullFaultText, type Microversion, pickVersion, type SchemaVersion, validate } from '@kilonova/http';
import { badRequest } from '../errors.js';

/**
 * Checks what the pipeline could not, in its words: a value that is not the body, or a body that is only looked at once
 * something else is known.
 * @throws AppError (400) naming the first fault.
 */
export function requireValid(schemas: readonly SchemaVersion[], version: Microversion, value: unknown): void {
  const schema = pickVersion(schemas, { version })?.schema;
  const fault = schema && validate(schema, value);
  if (fault !== undefined) throw badRequest(`JSON does not validate: ${fullFaultText(fault)}`);
}
