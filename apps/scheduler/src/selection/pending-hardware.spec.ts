import type { HeldHardware, NodeHardware } from '@kilonova/compute-objects';
import { expect, it } from 'vitest';
import { hostState } from '../testing/builders.js';
import { PendingHardware } from './pending-hardware.js';

const HELD: HeldHardware = { cells: [], devices: [] };
const hostWith = (held: NodeHardware['held'] | null) => {
  const base = hostState('a');
  return { ...base, facts: { ...base.facts, hardware: held && { cells: [], pools: [], cpu_ratio: 1, ram_ratio: 1, held } } };
};

it('counts what was given away until the agent tells of it, or has had the time to', () => {
  let time = 0;
  const pending = new PendingHardware(() => time);
  expect(pending.on(hostWith({})).pending).toEqual([]);
  pending.note('node-a', 'i1', HELD);
  pending.note('node-a', 'i2', HELD);
  expect(pending.on(hostWith({})).pending).toHaveLength(2);
  expect(pending.on(hostWith(null)).pending).toEqual([]);
  expect(pending.on(hostWith({ i1: HELD })).pending).toHaveLength(1);
  expect(pending.on(hostWith({})).pending).toHaveLength(1);
  time = 120_001;
  expect(pending.on(hostWith({})).pending).toEqual([]);
});
