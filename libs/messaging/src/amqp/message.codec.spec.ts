import { expect, it } from 'vitest';
import { deadlineOf } from './message.codec.js';

const NOW = 10_000_000;
const HOUR = 3_600_000;

it.each([
  ['of a cast is none', undefined, undefined, undefined],
  ['is the sender’s where clocks agree', NOW + 900, 1_000, NOW + 900],
  ['that has just passed is the sender’s', NOW - 10, 1_000, NOW - 10],
  ['counts from now where the sender’s clock is behind by an hour', NOW + 900 - HOUR, 1_000, NOW + 1_000],
  ['counts from now where the sender’s clock is ahead by an hour', NOW + 900 + HOUR, 1_000, NOW + 1_000],
  ['of an earlier release is taken as it is', NOW - HOUR, undefined, NOW - HOUR],
])('the deadline of a message %s', (_, deadline, leftMs, wanted) => {
  expect(deadlineOf(deadline, leftMs, NOW)).toBe(wanted);
});
