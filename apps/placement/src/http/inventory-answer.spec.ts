import { expect, it } from 'vitest';
import { inventoryBody, toInventory } from './inventory-answer.js';

it.each([
  [1, '1.0'],
  [16, '16.0'],
  [1.5, '1.5'],
])('an allocation ratio of %f is a float', (allocation_ratio, text) => {
  expect(JSON.stringify(inventoryBody(toInventory({ total: 4, allocation_ratio })))).toContain(`"allocation_ratio":${text}}`);
});
