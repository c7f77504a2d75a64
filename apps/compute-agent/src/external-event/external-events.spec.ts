import { describe, expect, it } from 'vitest';
import { ExternalEvents } from './external-events.js';

const PLUGGED = { instanceUuid: 'i', name: 'network-vif-plugged', tag: 'port' };
const never = new AbortController().signal;

describe('events of other services', () => {
  it('reach everybody who expects them, once', async () => {
    const events = new ExternalEvents();
    const both = [events.expect(PLUGGED, 60_000, never), events.expect(PLUGGED, 60_000, never)];
    expect(events.deliver(PLUGGED, 'failed')).toBe(true);
    expect(await Promise.all(both)).toEqual(['failed', 'failed']);
    expect(events.deliver(PLUGGED, 'completed')).toBe(false);
  });

  it.each([
    { ...PLUGGED, instanceUuid: 'other' },
    { ...PLUGGED, name: 'network-vif-unplugged' },
    { ...PLUGGED, tag: 'other' },
    { ...PLUGGED, tag: null },
  ])('are not taken for each other: %o', async (other) => {
    const events = new ExternalEvents();
    const expected = events.expect(PLUGGED, 60_000, never);
    expect(events.deliver(other, 'completed')).toBe(false);
    expect(events.deliver(PLUGGED, 'completed')).toBe(true);
    expect(await expected).toBe('completed');
  });

  it('are not waited for without end', async () => {
    const events = new ExternalEvents();
    await expect(events.expect(PLUGGED, 1, never)).rejects.toMatchObject({ code: 'agent.event.late' });
    const aborted = new AbortController();
    const expected = events.expect(PLUGGED, 60_000, aborted.signal);
    aborted.abort(new Error('not wanted'));
    await expect(expected).rejects.toThrow('not wanted');
    await expect(events.expect(PLUGGED, 60_000, aborted.signal)).rejects.toThrow('not wanted');
    expect(events.deliver(PLUGGED, 'completed')).toBe(false);
  });
});
