import type { SchemaVersion } from '@kilonova/http';
import { many, query } from '../common/parameter-types.js';
import { queryText } from '../common/schema-kit.js';

export const limitsQuery: readonly SchemaVersion[] = query({ tenant_id: many(queryText) }, '2.75');
