import { invalid } from '@kilonova/util';
import { MAX_INT } from './parameter-types.js';

/** An integer that a schema let pass, as a number or as digits. @throws AppError 400 when it is too great to be stored. */
export function integer(value: unknown, field: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= -1 && number <= MAX_INT) return number;
  throw invalid(
    'compute.request.integer',
    `Invalid input for field/attribute ${field}. Value: ${String(value)}. It has to be an integer up to ${MAX_INT}.`,
  );
}

const TRUE: ReadonlySet<string> = new Set(['true', '1', 'on', 'yes', 'y', 't']);

/** What the schema of a boolean let pass, as itself or as one of its words. */
export const isTrue = (value: unknown): boolean => value === true || (typeof value === 'string' && TRUE.has(value.toLowerCase()));
