import { expect, it } from 'vitest';
import { printable } from './printable.js';

it('L10: writes out what would act on a terminal', () => {
  expect(printable('a\u001b[2J\u001b]0;title\u0007b\r\n\u009b1m\u202eé')).toBe(
    'a\\u001b[2J\\u001b]0;title\\u0007b\\u000d\\u000a\\u009b1m\\u202eé',
  );
});
