import type { SchemaVersion } from '@kilonova/http';
import { className, generation, strictObject, textQuery } from './common.js';

export const listTraits: readonly SchemaVersion[] = [{ schema: strictObject(textQuery('name', 'associated')) }];

export const replaceProviderTraits: readonly SchemaVersion[] = [
  {
    schema: strictObject(
      { traits: { type: 'array', items: className, uniqueItems: true }, resource_provider_generation: generation },
      ['traits', 'resource_provider_generation'],
    ),
  },
];
