import type { SchemaVersion } from '@kilonova/http';
import { className } from '../common.js';
import { type Answers, done, fresh, located, shown } from './answer.js';
import { listOf, providerGeneration, whole } from './pieces.js';

const names = { traits: listOf(className) };
const ofProvider: readonly SchemaVersion[] = [{ schema: whole({ ...names, ...providerGeneration }) }];
const ensured = { ...located, ...fresh };

export const traitAnswers: Answers = {
  'GET /traits': [shown('The traits that match.', [{ schema: whole(names) }])],
  'GET /traits/:name': [done('It is there.', { headers: fresh })],
  'PUT /traits/:name': [
    { status: 201, description: 'It was made.', headers: ensured },
    done('It was there.', { headers: ensured }),
  ],
  'DELETE /traits/:name': [done('It is gone.')],
  'GET /resource_providers/:uuid/traits': [shown('The traits of the provider.', ofProvider)],
  'PUT /resource_providers/:uuid/traits': [shown('The traits of the provider now.', ofProvider)],
  'DELETE /resource_providers/:uuid/traits': [done('The provider has no traits any more.')],
};
