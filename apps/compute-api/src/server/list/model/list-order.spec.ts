import { describe, expect, it } from 'vitest';
import { readOrder, SORT_KEYS } from './list-order.js';

const order = (keys: readonly string[]) =>
  readOrder(new URLSearchParams(keys.map((key) => ['sort_key', key] as [string, string])), 2096, true).map(({ key }) => key);

describe('L4: sort keys', () => {
  it('L4: a repeated one counts once, where it stands first', () => {
    expect(order([...Array(200).fill('display_name'), 'uuid', 'display_name'])).toEqual(['display_name', 'uuid', 'created_at']);
  });

  it('L4: more than ten are refused', () => {
    expect(order(SORT_KEYS.slice(0, 10))).toHaveLength(11);
    expect(() => order(SORT_KEYS.slice(0, 11))).toThrow(expect.objectContaining({ kind: 'invalid-input' }));
  });
});
