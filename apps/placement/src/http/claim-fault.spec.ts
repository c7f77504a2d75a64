import { AppError } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { ClaimRefusal } from '../model/allocation.js';
import { claimFault } from './claim-fault.js';

const at = { consumer: 'c', provider: 'p', class: 'VCPU' };

it.each<[ClaimRefusal, string, string, string]>([
  [
    { outcome: 'consumer-conflict', consumer: 'c', stored: 1, given: null },
    'conflict',
    'placement.concurrent_update',
    'consumer generation conflict - expected 1 but got None',
  ],
  [
    { outcome: 'consumer-conflict', consumer: 'c', stored: null, given: 3 },
    'conflict',
    'placement.concurrent_update',
    'consumer generation conflict - expected null but got 3',
  ],
  [
    { outcome: 'unknown-provider', consumer: 'c', provider: 'p' },
    'invalid-input',
    'placement.undefined_code',
    "Allocation for resource provider 'p' that does not exist.",
  ],
  [
    { outcome: 'unknown-class', ...at },
    'invalid-input',
    'placement.undefined_code',
    'Unable to allocate inventory for consumer c: No such resource class VCPU.',
  ],
  [
    { outcome: 'no-inventory', ...at },
    'conflict',
    'placement.undefined_code',
    "Unable to allocate inventory: Inventory for 'VCPU' on resource provider 'p' invalid.",
  ],
  [
    { outcome: 'constraint', ...at },
    'conflict',
    'placement.undefined_code',
    "Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider 'p'. The requested amount would violate inventory constraints.",
  ],
  [
    { outcome: 'capacity', ...at },
    'conflict',
    'placement.undefined_code',
    "Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider 'p'. The requested amount would exceed the capacity.",
  ],
])('%o is told in the words that clients know', (refusal, kind, code, message) => {
  const fault = claimFault(refusal);
  expect(fault).toBeInstanceOf(AppError);
  expect(fault).toMatchObject({ kind, code, message });
});
