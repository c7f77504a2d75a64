import type { SchemaVersion } from '@kilonova/http';
import { generation, strictObject, uuid } from './common.js';

const uuids = { type: 'array', items: uuid, uniqueItems: true };

export const replaceAggregates: readonly SchemaVersion[] = [
  { max: '1.18', schema: uuids },
  {
    min: '1.19',
    schema: strictObject({ aggregates: uuids, resource_provider_generation: generation }, [
      'aggregates',
      'resource_provider_generation',
    ]),
  },
];
