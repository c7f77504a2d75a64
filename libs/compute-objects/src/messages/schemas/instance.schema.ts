import { schema } from '@kilonova/util';
import type { InstanceFault } from '../../instance.js';

const { integer, isoTime, nameText, nullable, object, text } = schema;

/** Details of faults: a driver's output, a stack. Characters. */
const DETAILS_LIMIT = 1_048_576;

export const instanceFaultSchema = object<InstanceFault>({
  code: integer(0, 999),
  message: text(DETAILS_LIMIT),
  details: text(DETAILS_LIMIT),
  host: nullable(nameText()),
  created_at: isoTime,
});
