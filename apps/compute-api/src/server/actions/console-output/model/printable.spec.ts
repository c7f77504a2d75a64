import { expect, it } from 'vitest';
import { printable } from './printable.js';

it('leaves tabs and newlines, and takes other control characters out', () => {
  expect(printable('a\u0000\u0008b\tc\nd\r\u001be')).toBe('ab\tc\nde');
});
