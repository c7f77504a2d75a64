import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { reshapedAllocations } from './allocation.js';
import { generation, patternObject, strictObject } from './common.js';
import { inventoriesByClass } from './inventory.js';

const inventories = patternObject(
  {
    '^[0-9a-fA-F-]{36}$': strictObject({ resource_provider_generation: generation, inventories: inventoriesByClass }, [
      'resource_provider_generation',
      'inventories',
    ]),
  },
  { minProperties: 1 },
);

const reshape = (allocations: JsonSchema): JsonSchema =>
  strictObject({ inventories, allocations }, ['inventories', 'allocations']);

export const postReshaper: readonly SchemaVersion[] = [
  { min: '1.30', max: '1.33', schema: reshape(reshapedAllocations['1.30']) },
  { min: '1.34', max: '1.37', schema: reshape(reshapedAllocations['1.34']) },
  { min: '1.38', schema: reshape(reshapedAllocations['1.38']) },
];
