import type { SchemaVersion } from '@kilonova/http';
import { anyText, digits, many, query } from './parameter-types.js';

const period = { start: many(anyText), end: many(anyText) };
const list = { ...period, detailed: many(anyText) };
const paging = { limit: many(digits), marker: many(anyText) };

export const listUsage: readonly SchemaVersion[] = [...query({ ...list, ...paging }, '2.75').map((entry) => ({ min: '2.40', ...entry })), ...query(list, '2.75')];
export const showUsage: readonly SchemaVersion[] = [...query({ ...period, ...paging }, '2.75').map((entry) => ({ min: '2.40', ...entry })), ...query(period, '2.75')];
