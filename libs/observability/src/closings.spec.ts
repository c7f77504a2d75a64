import { describe, expect, it } from 'vitest';
import { Closings } from './closings.js';

describe('closing', () => {
  it('goes backwards, past what fails and what hangs, and happens once', async () => {
    const closed: string[] = [];
    const told: unknown[] = [];
    const closings = new Closings({ error: (fields: { closing: string }) => void told.push(fields.closing) } as never, 20)
      .add('database', () => closed.push('database'))
      .add('broken', () => Promise.reject(new Error('no')))
      .add('hanging', () => new Promise(() => undefined))
      .add('http', async () => void closed.push('http'));
    await Promise.all([closings.close(), closings.close()]);
    expect(closed).toEqual(['http', 'database']);
    expect(told).toEqual(['hanging', 'broken']);
  });
});
