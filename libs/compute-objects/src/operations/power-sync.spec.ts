import { describe, expect, it } from 'vitest';
import { PowerState, VM_STATES, type VmState } from '../states.js';
import { type PowerDeed, powerDeed } from './power-sync.js';

const { NOSTATE, RUNNING, PAUSED, SHUTDOWN, CRASHED, SUSPENDED } = PowerState;
const ALL = Object.values(PowerState);

const TABLE: ReadonlyArray<readonly [VmState, Partial<Record<PowerDeed, readonly PowerState[]>>]> = [
  ['active', { none: [RUNNING], warn: [PAUSED, NOSTATE], stop: [SHUTDOWN, CRASHED, SUSPENDED] }],
  ['stopped', { none: [NOSTATE, SHUTDOWN, CRASHED], stop: [RUNNING, PAUSED, SUSPENDED] }],
  ['paused', { none: [NOSTATE, RUNNING, PAUSED, SUSPENDED], stop: [SHUTDOWN, CRASHED] }],
  ['soft-delete', { none: [NOSTATE, SHUTDOWN], warn: [RUNNING, PAUSED, CRASHED, SUSPENDED] }],
  ['deleted', { none: [NOSTATE, SHUTDOWN], warn: [RUNNING, PAUSED, CRASHED, SUSPENDED] }],
];

describe('what is done about a guest whose power nobody asked to change', () => {
  it.each(TABLE)('of a server that is %s', (vmState, deeds) => {
    const found = Object.fromEntries(ALL.map((power) => [power, powerDeed(vmState, power)]));
    const wanted = Object.entries(deeds).flatMap(([deed, powers]) => powers.map((power) => [power, deed] as const));
    expect(found).toEqual(Object.fromEntries(wanted));
  });

  it('is nothing in all other states', () => {
    const others = VM_STATES.filter((state) => !TABLE.some(([name]) => name === state));
    expect(others).toEqual(expect.arrayContaining(['building', 'rescued', 'resized', 'suspended', 'error']));
    for (const state of others) for (const power of ALL) expect(powerDeed(state, power)).toBe('none');
  });
});
