import type { SchemaVersion } from '@kilonova/http';
import { PROVIDER_NAME_MAX_LENGTH } from '../../model/names.js';
import { strictObject, text, textQuery, uuid } from './common.js';

const name = { type: 'string', minLength: 1, maxLength: PROVIDER_NAME_MAX_LENGTH };
const parent = { anyOf: [uuid, { type: 'null' }] };

export const createProvider: readonly SchemaVersion[] = [
  { max: '1.13', schema: strictObject({ name, uuid }, ['name']) },
  { min: '1.14', schema: strictObject({ name, uuid, parent_provider_uuid: parent }, ['name']) },
];

export const updateProvider: readonly SchemaVersion[] = [
  { max: '1.13', schema: strictObject({ name }, ['name']) },
  { min: '1.14', schema: strictObject({ name, parent_provider_uuid: parent }, ['name']) },
];

const plain = { name: text, uuid };

export const listProviders: readonly SchemaVersion[] = [
  { max: '1.2', schema: strictObject(plain) },
  { min: '1.3', max: '1.3', schema: strictObject({ ...plain, ...textQuery('member_of') }) },
  { min: '1.4', max: '1.13', schema: strictObject({ ...plain, ...textQuery('member_of', 'resources') }) },
  { min: '1.14', max: '1.17', schema: strictObject({ ...plain, ...textQuery('member_of', 'resources'), in_tree: uuid }) },
  { min: '1.18', schema: strictObject({ ...plain, ...textQuery('member_of', 'resources', 'required'), in_tree: uuid }) },
];
