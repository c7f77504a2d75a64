import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { limitInt, many, query } from '../common/parameter-types.js';
import { bool, object, queryText, wrapped } from '../common/schema-kit.js';
import { NETWORK_RESOURCES, QUOTA_RESOURCES, resourcesAt } from './model/quota-resources.js';

const limits = (resources: readonly string[]): Record<string, JsonSchema> =>
  Object.fromEntries(resources.map((resource) => [resource, limitInt]));

const set = (resources: readonly string[]): JsonSchema => wrapped('quota_set', object({ ...limits(resources), force: bool }));
const classSet = (resources: readonly string[]): JsonSchema => ({ ...wrapped('quota_class_set', object(limits(resources))) });

export const updateQuotaSet: readonly SchemaVersion[] = [
  { min: '2.57', schema: set(resourcesAt(Since.noInjectedFiles)) },
  { min: '2.36', schema: set(resourcesAt(Since.noProxies)) },
  { schema: set(resourcesAt(2001)) },
];

/** A class takes server groups at every version, though it shows them only since 2.50. */
export const updateQuotaClass: readonly SchemaVersion[] = [
  { min: '2.57', schema: classSet(resourcesAt(Since.noInjectedFiles)) },
  { min: '2.50', schema: classSet(QUOTA_RESOURCES) },
  { schema: classSet([...QUOTA_RESOURCES, ...NETWORK_RESOURCES]) },
];

export const ofQuotaUser: readonly SchemaVersion[] = query({ user_id: many(queryText) }, '2.75');
