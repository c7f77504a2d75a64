import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { consumerType, externalId, resources } from '../allocation.js';
import { type Answers, done, shown } from './answer.js';
import { byUuid, count, providerGeneration, whole } from './pieces.js';

const owner = { project_id: externalId, user_id: externalId };
const counted = { consumer_generation: count };
/** The name of the type, or a word in small letters for consumers that have none. */
const typed = { consumer_type: { anyOf: [consumerType, { type: 'string', enum: ['unknown'] }] } };

const fromProvider = whole({ resources, generation: count });
const nothingHeld = whole({ allocations: { type: 'object', maxProperties: 0 } });

/** What a consumer holds and, when it holds something, who it is. */
const ofConsumer = (identity: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  oneOf: [whole({ allocations: byUuid(fromProvider, { minProperties: 1 }), ...identity }), nothingHeld],
});

const held: readonly SchemaVersion[] = [
  { max: '1.11', schema: whole({ allocations: byUuid(fromProvider) }) },
  { min: '1.12', max: '1.27', schema: ofConsumer(owner) },
  { min: '1.28', max: '1.37', schema: ofConsumer({ ...owner, ...counted }) },
  { min: '1.38', schema: ofConsumer({ ...owner, ...counted, ...typed }) },
];

const ofProvider = (consumer: JsonSchema): JsonSchema => whole({ allocations: byUuid(consumer), ...providerGeneration });

const heldOfProvider: readonly SchemaVersion[] = [
  { max: '1.27', schema: ofProvider(whole({ resources })) },
  { min: '1.28', schema: ofProvider(whole({ resources, ...counted })) },
];

export const allocationAnswers: Answers = {
  'GET /resource_providers/:uuid/allocations': [shown('Who holds what of the provider.', heldOfProvider)],
  'GET /allocations/:consumer_uuid': [shown('What the consumer holds; nothing of one that nobody knows.', held)],
  'PUT /allocations/:consumer_uuid': [done('The consumer holds what was asked for.')],
  'DELETE /allocations/:consumer_uuid': [done('The consumer holds nothing any more.')],
  'POST /allocations': [done('All of the consumers hold what was asked for.')],
  'POST /reshaper': [done('Inventories and allocations are as asked for.')],
};
