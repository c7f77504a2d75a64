import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { NotificationEmitter } from './emitter.js';

const sent: string[] = [];
const failed: string[] = [];
const bus = (notify: (message: { topic: string; eventType: string }) => Promise<void>) => ({ notify }) as never;
const noting = bus(async ({ topic, eventType }) => void sent.push(`${topic} ${eventType}`));
const emitterOn = (
  one: never,
  onFailure = (error: unknown, eventType: string) => void failed.push(`${eventType}: ${(error as Error).message}`),
) => new NotificationEmitter(one, { format: 'both', versionedTopics: ['v', 'w'], legacyTopics: ['l'], onFailure });

const broken = () => {
  throw new TypeError('no such member');
};
const event = (payload: () => unknown) => ({
  publisher: { service: 'scheduler', host: 'h' } as const,
  versioned: { eventType: 'versioned', payload },
  legacy: { eventType: 'legacy', payload: () => ({}) },
});

describe('an emitter', () => {
  it('M2: hears of a payload that cannot be made, and fails nobody', async () => {
    sent.length = failed.length = 0;
    await emitterOn(noting).emit(systemCtx(), event(broken));
    expect(failed).toEqual(['versioned: no such member']);
    expect(sent).toEqual(['l legacy']);
  });

  it('M2: sends to the other topics when a bus throws instead of rejecting', async () => {
    sent.length = failed.length = 0;
    const moody = bus(({ topic, eventType }) => {
      if (topic === 'v') throw new Error('closed');
      sent.push(`${topic} ${eventType}`);
      return Promise.resolve();
    });
    await emitterOn(moody).emit(
      systemCtx(),
      event(() => ({})),
    );
    expect(failed).toEqual(['versioned: closed']);
    expect(sent).toEqual(['l legacy', 'w versioned']);
  });

  it('M2: outlives a listener of failures that throws itself', async () => {
    await expect(emitterOn(noting, broken).emit(systemCtx(), event(broken))).resolves.toBeUndefined();
  });
});
