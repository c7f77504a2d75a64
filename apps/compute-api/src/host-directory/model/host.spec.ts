import { describe, expect, it } from 'vitest';
import { isServiceUp, zoneOfService } from './service-state.js';
import { wideId } from './wide-id.js';

const at = (iso: string) => ({ forced_down: false, last_seen_up: iso, created_at: '2026-01-01T00:00:00Z' });
const NOW = Date.parse('2026-01-02T00:01:00Z');

describe('a service', () => {
  it('is up while it is heard from', () => {
    expect(isServiceUp(at('2026-01-02T00:00:00Z'), NOW, 60_000)).toBe(true);
    expect(isServiceUp(at('2026-01-01T23:59:59Z'), NOW, 60_000)).toBe(false);
  });

  it('is down when an administrator says so, or it was never heard from', () => {
    expect(isServiceUp({ ...at('2026-01-02T00:01:00Z'), forced_down: true }, NOW, 60_000)).toBe(false);
    expect(isServiceUp({ ...at(''), last_seen_up: null }, NOW, 60_000)).toBe(false);
  });

  it('is in the zone of its host, or the internal one', () => {
    const names = { usual: 'nova', internal: 'internal' };
    const zones = new Map([['h1', 'az1']]);
    expect(zoneOfService({ binary: 'nova-compute', host: 'h1' }, zones, names)).toBe('az1');
    expect(zoneOfService({ binary: 'nova-compute', host: 'h2' }, zones, names)).toBe('nova');
    expect(zoneOfService({ binary: 'nova-conductor', host: 'h1' }, zones, names)).toBe('internal');
  });
});

describe('wide ids', () => {
  it('tell rows of different cells apart, and are the row ids themselves at the API level', () => {
    expect(wideId(undefined, 3)).toBe(3);
    expect(wideId(2, 3)).not.toBe(wideId(3, 3));
  });
});
