import { expect, test } from 'vitest';
import { eventually } from './eventually.js';

test('returns the first value that is neither false nor an error', async () => {
  let calls = 0;
  const value = await eventually(() => {
    calls += 1;
    if (calls === 1) throw new Error('not yet');
    return calls === 2 ? false : calls;
  });
  expect(value).toBe(3);
});

test('fails with the last error when the deadline passes', async () => {
  const attempt = eventually(() => expect('is').toBe('ought'), { deadlineMs: 30, everyMs: 5 });
  await expect(attempt).rejects.toThrow(/ought/);
});

test('an attempt that stays false fails, too', async () => {
  await expect(eventually(() => false, { deadlineMs: 10, everyMs: 2 })).rejects.toThrow(/still false after 10 ms/);
});
