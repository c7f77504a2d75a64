import type { SchemaVersion } from '@kilonova/http';
import { NAME_MAX_LENGTH } from '../../model/names.js';
import { strictObject } from './common.js';

const id = { type: 'string', minLength: 1, maxLength: 255 };
/** A type's name, or one of the two words in lower case that mean more. */
export const consumerTypePattern = '^[A-Z0-9_]+$|^all$|^unknown$';
const consumerType = { type: 'string', minLength: 1, maxLength: NAME_MAX_LENGTH, pattern: consumerTypePattern };

export const listUsages: readonly SchemaVersion[] = [
  { max: '1.37', schema: strictObject({ project_id: id, user_id: id }, ['project_id']) },
  { min: '1.38', schema: strictObject({ project_id: id, user_id: id, consumer_type: consumerType }, ['project_id']) },
];
