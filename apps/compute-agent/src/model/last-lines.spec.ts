import { expect, it } from 'vitest';
import { lastLines } from './last-lines.js';

it.each([
  [null, 'a\nb\nc'],
  [0, ''],
  [1, 'c'],
  [2, 'b\nc'],
  [9, 'a\nb\nc'],
])('keeps the last %s lines', (count, expected) => {
  expect(lastLines('a\nb\nc', count)).toBe(expected);
});
