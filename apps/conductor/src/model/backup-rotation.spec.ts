import { describe, expect, it } from 'vitest';
import { beyondRotation } from './backup-rotation.js';

const backup = (day: number) => ({ id: String(day), created_at: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z` });
const days = [3, 1, 4, 2].map(backup);

describe('backups beyond the rotation', () => {
  it.each([
    [0, ['1', '2', '3', '4']],
    [1, ['1', '2', '3']],
    [3, ['1']],
    [4, []],
    [9, []],
  ])('with %i kept are the oldest of the others', (keep, gone) => {
    expect(beyondRotation(days, keep).map(({ id }) => id)).toEqual(gone);
  });
});
