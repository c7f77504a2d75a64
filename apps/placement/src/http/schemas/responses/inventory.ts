import type { SchemaVersion } from '@kilonova/http';
import { amounts } from '../inventory.js';
import { type Answers, done, fresh, freshUnlessEmpty, located, shown } from './answer.js';
import { byClass, providerGeneration, whole } from './pieces.js';

const all: readonly SchemaVersion[] = [{ schema: whole({ ...providerGeneration, inventories: byClass(whole(amounts)) }) }];
const one: readonly SchemaVersion[] = [{ schema: whole({ ...providerGeneration, ...amounts }) }];

const inventories = '/resource_providers/:uuid/inventories';
const inventory = `${inventories}/:resource_class`;

export const inventoryAnswers: Answers = {
  [`GET ${inventories}`]: [shown('What the provider has of each class.', all, freshUnlessEmpty)],
  [`POST ${inventories}`]: [{ status: 201, description: 'It was added.', headers: { ...located, ...fresh }, body: one }],
  [`PUT ${inventories}`]: [shown('What the provider has now.', all)],
  [`DELETE ${inventories}`]: [done('The provider has nothing any more.')],
  [`GET ${inventory}`]: [shown('What the provider has of the class.', one)],
  [`PUT ${inventory}`]: [shown('What the provider has of the class now.', one)],
  [`DELETE ${inventory}`]: [done('The provider has nothing of the class any more.')],
};
