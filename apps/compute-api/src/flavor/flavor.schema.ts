import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { digits, many, nonNegativeInt, positiveInt, projectId, query } from '../common/parameter-types.js';
import { bool, name, object, queryText, wrapped } from '../common/schema-kit.js';

const description: JsonSchema = {
  type: ['string', 'null'],
  maxLength: 65_535,
  pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
};

const base = {
  name,
  id: { type: ['string', 'number', 'null'], maxLength: 255, pattern: '^(?! )[a-zA-Z0-9. _-]+(?<! )$' },
  ram: positiveInt,
  vcpus: positiveInt,
  disk: nonNegativeInt,
  'OS-FLV-EXT-DATA:ephemeral': nonNegativeInt,
  swap: nonNegativeInt,
  'os-flavor-access:is_public': bool,
} as const;
const rxtx = {
  rxtx_factor: { type: ['number', 'string'], pattern: '^[0-9]+(\\.[0-9]+)?$', exclusiveMinimum: 0, maximum: 3.40282e38 },
} as const;
const required = ['name', 'ram', 'vcpus', 'disk'];

export const createFlavor: readonly SchemaVersion[] = [
  { min: '2.102', schema: wrapped('flavor', object({ ...base, description }, required)) },
  { min: '2.55', schema: wrapped('flavor', object({ ...base, ...rxtx, description }, required)) },
  { schema: wrapped('flavor', object({ ...base, ...rxtx }, required)) },
];

export const updateFlavor: readonly SchemaVersion[] = [{ schema: wrapped('flavor', object({ description }, ['description'])) }];

const SORT_KEYS = [
  'created_at',
  'description',
  'disabled',
  'ephemeral_gb',
  'flavorid',
  'id',
  'is_public',
  'memory_mb',
  'name',
  'root_gb',
  'rxtx_factor',
  'swap',
  'updated_at',
  'vcpu_weight',
  'vcpus',
];
const listParameters = {
  limit: many(digits),
  marker: many(queryText),
  is_public: many(queryText),
  minRam: many(queryText),
  minDisk: many(queryText),
  sort_key: many({ type: 'string', enum: SORT_KEYS }),
  sort_dir: many({ type: 'string', enum: ['asc', 'desc'] }),
};
export const listFlavors: readonly SchemaVersion[] = [
  {
    min: '2.102',
    schema: {
      type: 'object',
      properties: { ...listParameters, name: many({ type: 'string', format: 'regex' }) },
      additionalProperties: false,
    },
  },
  ...query(listParameters, '2.75'),
];

const SPEC_KEY = '^[a-zA-Z0-9-_:. ]{1,255}$';
const specs: JsonSchema = {
  type: 'object',
  patternProperties: { [SPEC_KEY]: { type: ['string', 'number'], maxLength: 255, pattern: '^-?[^\\u0000-\\u001f\\u007f]*$' } },
  additionalProperties: false,
};
export const createSpecs: readonly SchemaVersion[] = [{ schema: wrapped('extra_specs', specs) }];
export const updateSpec: readonly SchemaVersion[] = [{ schema: { ...specs, minProperties: 1, maxProperties: 1 } }];

const tenant = object({ tenant: projectId }, ['tenant']);
export const addTenantAccess: readonly SchemaVersion[] = [{ schema: wrapped('addTenantAccess', tenant) }];
export const removeTenantAccess: readonly SchemaVersion[] = [{ schema: wrapped('removeTenantAccess', tenant) }];
