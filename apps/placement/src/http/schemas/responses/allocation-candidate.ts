import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { listed, mappings, resources } from '../allocation.js';
import { className, uuid } from '../common.js';
import { type Answers, shown } from './answer.js';
import { byClass, byUuid, count, listOf, uuidOrNull, whole } from './pieces.js';

/** What is left of a capacity after a reserve is taken off may be below nothing. */
const capacity = { type: 'integer' };
const summary10 = { resources: byClass(whole({ capacity, used: count })) };
const summary17 = { ...summary10, traits: listOf(className) };
const summary29 = { ...summary17, parent_provider_uuid: uuidOrNull, root_provider_uuid: uuid };

const keyed = { allocations: byUuid(whole({ resources }), { minProperties: 1 }) };

type Properties = Readonly<Record<string, JsonSchema>>;

/** Ways to serve the request, and the providers that these are about. Each way can be sent as part of a claim. */
const candidates = (request: Properties, summary: Properties): JsonSchema =>
  whole({
    allocation_requests: { type: 'array', items: whole(request) },
    provider_summaries: byUuid(whole(summary)),
  });

const found: readonly SchemaVersion[] = [
  { max: '1.11', schema: candidates({ allocations: listed }, summary10) },
  { min: '1.12', max: '1.16', schema: candidates(keyed, summary10) },
  { min: '1.17', max: '1.28', schema: candidates(keyed, summary17) },
  { min: '1.29', max: '1.33', schema: candidates(keyed, summary29) },
  { min: '1.34', schema: candidates({ ...keyed, ...mappings }, summary29) },
];

/** `is_complete` false: the search was cut off, there may be more. */
const capacityLeft = whole({ total: count, is_complete: { type: 'boolean' }, roots: byUuid(count) });

export const candidateAnswers: Answers = {
  'GET /kilonova/capacity': [
    shown('How often the request could be served, in all and by tree (an extension of Kilonova).', [
      { min: '1.36', schema: capacityLeft },
    ]),
  ],
  'GET /allocation_candidates': [shown('What could serve the request; empty when nothing can.', found)],
};
