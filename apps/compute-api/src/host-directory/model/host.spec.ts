import { describe, expect, it } from 'vitest';
import { isServiceUp, zoneOfService } from './service-state.js';
import { wideId } from './wide-id.js';

describe('a service', () => {
  it('is up while it is heard from', () => {
    expect(isServiceUp({ forced_down: false, silent_ms: 60_000 }, 60_000)).toBe(true);
    expect(isServiceUp({ forced_down: false, silent_ms: 60_001 }, 60_000)).toBe(false);
  });

  it('is down when an administrator says so', () => {
    expect(isServiceUp({ forced_down: true, silent_ms: 0 }, 60_000)).toBe(false);
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
