import type { SchemaVersion } from '@kilonova/http';
import { customName, strictObject } from './common.js';

export const createResourceClass: readonly SchemaVersion[] = [{ schema: strictObject({ name: customName }, ['name']) }];

/** The name in the path of a PUT from 1.7 on. */
export const resourceClassName: readonly SchemaVersion[] = [{ schema: customName }];

/** Below 1.7 a PUT renames; from 1.7 on it has no body. */
export const renameResourceClass: readonly SchemaVersion[] = [
  { max: '1.6', schema: strictObject({ name: customName }, ['name']) },
];
