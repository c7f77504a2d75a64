import type { SchemaVersion } from '@kilonova/http';
import { digits, many, query } from '../common/parameter-types.js';
import { queryText } from '../common/schema-kit.js';

const period = { start: many(queryText), end: many(queryText) };
const list = { ...period, detailed: many(queryText) };
const paging = { limit: many(digits), marker: many(queryText) };

export const listUsage: readonly SchemaVersion[] = [
  ...query({ ...list, ...paging }, '2.75').map((entry) => ({ min: '2.40', ...entry })),
  ...query(list, '2.75'),
];
export const showUsage: readonly SchemaVersion[] = [
  ...query({ ...period, ...paging }, '2.75').map((entry) => ({ min: '2.40', ...entry })),
  ...query(period, '2.75'),
];
