import { expect, it } from 'vitest';
import { needsDurableQueues } from './broker-version.js';

it.each([
  [undefined, false],
  ['3.10.8', false],
  ['4.2.9', false],
  ['4.3.0', true],
  ['4.10.1', true],
  ['5.0.0-rc.1', true],
])('a broker of version %s refuses transient queues: %s', (version, expected) => {
  expect(needsDurableQueues(version)).toBe(expected);
});
