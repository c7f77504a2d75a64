import type { SchemaVersion } from '@kilonova/http';
import { uuid } from '../common.js';
import { type Answers, shown } from './answer.js';
import { listOf, providerGeneration, whole } from './pieces.js';

const aggregates = { aggregates: listOf(uuid) };

const body: readonly SchemaVersion[] = [
  { max: '1.18', schema: whole(aggregates) },
  { min: '1.19', schema: whole({ ...aggregates, ...providerGeneration }) },
];

export const aggregateAnswers: Answers = {
  'GET /resource_providers/:uuid/aggregates': [shown('The aggregates that the provider is in.', body)],
  'PUT /resource_providers/:uuid/aggregates': [shown('The aggregates that the provider is in now.', body)],
};
