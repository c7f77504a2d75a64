import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { digits, many, query } from '../common/parameter-types.js';
import { name, object, queryText, wrapped } from '../common/schema-kit.js';

const oldName: JsonSchema = { ...name, allOf: [{ format: 'keypair_name_20' }] };
/** `@` and `.` since 2.92. */
const newName: JsonSchema = { ...name, allOf: [{ format: 'keypair_name_292' }] };
const type: JsonSchema = { type: 'string', enum: ['ssh', 'x509'] };
const user_id: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9-]*$' };
const keyPair = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema =>
  wrapped('keypair', object(properties, required));

export const createKeyPair: readonly SchemaVersion[] = [
  { min: '2.92', schema: keyPair({ name: newName, type, public_key: queryText, user_id }, ['name', 'public_key']) },
  { min: '2.10', schema: keyPair({ name: oldName, type, public_key: queryText, user_id }, ['name']) },
  { min: '2.2', schema: keyPair({ name: oldName, type, public_key: queryText }, ['name']) },
  { schema: keyPair({ name: oldName, public_key: queryText }, ['name']) },
];

const user = { user_id: many(queryText) };

/** `user_id` counts since 2.10, pages since 2.35. */
export const listKeyPairs: readonly SchemaVersion[] = [
  ...query({ ...user, limit: many(digits), marker: many(queryText) }, '2.75').map((entry) => ({ min: '2.35', ...entry })),
  { schema: { type: 'object' } },
];
export const ofUser: readonly SchemaVersion[] = query(user, '2.75');
