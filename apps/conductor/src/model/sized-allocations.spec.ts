import { aFlavor } from '@kilonova/compute-samples';
import { expect, it } from 'vitest';
import { isSizable, sizedAllocations } from './sized-allocations.js';

const larger = { ...aFlavor, vcpus: 4, memory_mb: 2048, root_gb: 10, ephemeral_gb: 2, swap: 1025, extra_specs: {} };
const ofImage = { image_ref: 'i' };
const all = { VCPU: 1, MEMORY_MB: 512, DISK_GB: 1 };

it('has the amounts of a flavor where each class is held, and leaves the others', () => {
  const held = { node: { resources: { VCPU: 1, MEMORY_MB: 512, CUSTOM_GPU: 1 } }, pool: { resources: { DISK_GB: 1 } } };
  expect(sizedAllocations(held, larger, ofImage)).toEqual({
    node: { resources: { VCPU: 4, MEMORY_MB: 2048, CUSTOM_GPU: 1 } },
    pool: { resources: { DISK_GB: 14 } },
  });
});

it('counts no root disk of a server on a volume', () => {
  expect(sizedAllocations({ n: { resources: all } }, larger, { image_ref: '' })).toEqual({
    n: { resources: { VCPU: 4, MEMORY_MB: 2048, DISK_GB: 4 } },
  });
});

it('keeps what extra specs decide, and has dedicated CPUs as such', () => {
  const odd = { ...larger, extra_specs: { 'resources:MEMORY_MB': '64' } };
  expect(sizedAllocations({ n: { resources: { PCPU: 1, MEMORY_MB: 64 } } }, odd, ofImage)).toEqual({
    n: { resources: { PCPU: 4, MEMORY_MB: 64 } },
  });
});

it('gives the same again, and the old amounts with the old flavor', () => {
  const held = sizedAllocations({ n: { resources: all } }, aFlavor, ofImage);
  const grown = sizedAllocations(held, larger, ofImage);
  expect([sizedAllocations(grown, larger, ofImage), sizedAllocations(grown, aFlavor, ofImage)]).toEqual([grown, held]);
});

it.each([
  [true, { a: { resources: all } }],
  [true, { a: { resources: { VCPU: 1 } }, b: { resources: { DISK_GB: 1 } } }],
  [false, { a: { resources: { VCPU: 1 } }, b: { resources: { VCPU: 1 } } }],
  [false, { a: { resources: { VCPU: 1, PCPU: 1 } } }],
])('can be told: %s of %j', (expected, held) => {
  expect(isSizable(held)).toBe(expected);
});
