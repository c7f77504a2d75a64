import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { PROVIDER_NAME_MAX_LENGTH } from '../../../model/names.js';
import { uuid } from '../common.js';
import { type Answers, done, fresh, located, shown } from './answer.js';
import { count, links, listOf, uuidOrNull, whole } from './pieces.js';

const name = { type: 'string', minLength: 1, maxLength: PROVIDER_NAME_MAX_LENGTH };
const place = { parent_provider_uuid: uuidOrNull, root_provider_uuid: uuid };

/** A provider that links to these parts of it. */
const provider = (rels: readonly string[], more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema =>
  whole({ uuid, name, generation: count, links: links('self', ...rels), ...more });

const rels0 = ['inventories', 'usages'];
const rels1 = [...rels0, 'aggregates'];
const rels6 = [...rels1, 'traits'];
const rels11 = [...rels6, 'allocations'];
const provider14 = provider(rels11, place);

const shownProvider: readonly SchemaVersion[] = [
  { max: '1.0', schema: provider(rels0) },
  { min: '1.1', max: '1.5', schema: provider(rels1) },
  { min: '1.6', max: '1.10', schema: provider(rels6) },
  { min: '1.11', max: '1.13', schema: provider(rels11) },
  { min: '1.14', schema: provider14 },
];

const listedProviders = shownProvider.map(
  ({ schema, ...span }): SchemaVersion => ({ ...span, schema: whole({ resource_providers: listOf(schema) }) }),
);

export const providerAnswers: Answers = {
  'GET /resource_providers': [shown('The providers that match.', listedProviders)],
  'POST /resource_providers': [
    { status: 201, max: '1.19', description: 'It was made.', headers: located },
    { ...shown('It was made.', [{ schema: provider14 }], { ...located, ...fresh }), min: '1.20' },
  ],
  'GET /resource_providers/:uuid': [shown('The provider.', shownProvider)],
  'PUT /resource_providers/:uuid': [shown('The provider as it is now.', shownProvider)],
  'DELETE /resource_providers/:uuid': [done('It is gone, with its inventories and traits.')],
};
