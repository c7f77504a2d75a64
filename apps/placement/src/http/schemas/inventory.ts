import type { SchemaVersion } from '@kilonova/http';
import { MAX_INTEGER } from '../../model/inventory.js';
import { NAME_PATTERN } from '../../model/names.js';
import { className, generation, patternObject, strictObject } from './common.js';

const positive = { type: 'integer', minimum: 1, maximum: MAX_INTEGER };
/** The largest single-precision number: what the column of other placements can hold. */
const MAX_RATIO = 3.40282e38;

export const amounts = {
  total: positive,
  reserved: { type: 'integer', minimum: 0, maximum: MAX_INTEGER },
  min_unit: positive,
  max_unit: positive,
  step_size: positive,
  allocation_ratio: { type: 'number', maximum: MAX_RATIO },
};

export const createInventory: readonly SchemaVersion[] = [
  {
    schema: strictObject({ ...amounts, resource_provider_generation: generation, resource_class: className }, [
      'resource_class',
      'total',
    ]),
  },
];

export const updateInventory: readonly SchemaVersion[] = [
  { schema: strictObject({ ...amounts, resource_provider_generation: generation }, ['total', 'resource_provider_generation']) },
];

/** Inventories by class; the generation inside an element is accepted and means nothing. */
export const inventoriesByClass = patternObject({
  [NAME_PATTERN]: strictObject({ ...amounts, resource_provider_generation: generation }, ['total']),
});

export const replaceInventories: readonly SchemaVersion[] = [
  {
    schema: strictObject({ resource_provider_generation: generation, inventories: inventoriesByClass }, [
      'resource_provider_generation',
      'inventories',
    ]),
  },
];
