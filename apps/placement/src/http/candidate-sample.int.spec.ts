import { expect, it } from 'vitest';
import { usePlacement } from '../spec-support/placement-under-test.js';

const placement = usePlacement();

it('a limited answer is a random sample for who prefers that, and begins at the beginning for all others', async () => {
  const uuids = await Promise.all(Array.from({ length: 20 }, () => placement.call.provider({ VCPU: { total: 4 } })));
  const found = async (headers = {}) => {
    const { body } = await placement.call.get('/allocation_candidates?resources=VCPU:1&limit=4', { headers, version: '1.36' });
    return Object.keys(body.provider_summaries);
  };
  const plain = new Set((await Promise.all(Array.from({ length: 10 }, () => found()))).flat());
  expect(plain.size).toBe(4);
  const sampled = await Promise.all(Array.from({ length: 30 }, () => found({ prefer: 'respond-async, sample=random' })));
  expect(sampled.every((answer) => answer.length === 4)).toBe(true);
  expect(new Set(sampled.flat()).size).toBeGreaterThan(15);
  expect(sampled.flat().every((uuid) => uuids.includes(uuid))).toBe(true);
});
