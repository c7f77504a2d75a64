import { describe, expect, it } from 'vitest';
import { lastMonth, utcTime } from './audit-time.js';
import { hoursIn, tenantUsages } from './tenant-usage.js';

const time = (text: string): Date => new Date(`2026-01-${text}Z`);
const NOW = time('10T00:00:00');
const PERIOD = { from: time('01T00:00:00'), until: time('31T00:00:00') };
const server = (launched: string, terminated: string | null = null, project = 'p') => ({
  uuid: 'u',
  name: 'n',
  project_id: project,
  vm_state: 'active',
  flavor: 'f',
  vcpus: 2,
  memory_mb: 512,
  local_gb: 10,
  launched_at: time(launched),
  terminated_at: terminated === null ? null : time(terminated),
});

describe('usage', () => {
  it('counts what lies in the period and not in the future', () => {
    expect(hoursIn(server('09T00:00:00'), PERIOD, NOW)).toBe(24);
    expect(hoursIn(server('02T00:00:00', '02T06:00:00'), PERIOD, NOW)).toBe(6);
    expect(hoursIn(server('02T00:00:00'), { from: time('03T00:00:00'), until: time('04T00:00:00') }, NOW)).toBe(24);
    expect(hoursIn(server('02T00:00:00', '02T06:00:00'), { from: time('03T00:00:00'), until: time('04T00:00:00') }, NOW)).toBe(0);
  });

  it('is summed up for each project, weighed by size', () => {
    const [first, second] = tenantUsages(
      [server('09T23:00:00'), server('09T22:00:00', null, 'q'), server('09T23:00:00')],
      PERIOD,
      NOW,
    );
    expect(first).toMatchObject({ projectId: 'p', hours: 2, vcpuHours: 4, memoryMbHours: 1024, localGbHours: 20 });
    expect(second).toMatchObject({ projectId: 'q', hours: 2 });
    expect(second?.servers[0]?.uptime).toBe(7200);
  });
});

describe('times', () => {
  it('are read in three forms', () => {
    for (const text of ['2026-01-02T03:04:05', '2026-01-02 03:04:05.500000', '2026-01-02T03:04:05.5'])
      expect(utcTime(text)?.getUTCHours()).toBe(3);
    for (const text of ['invalid_time', '2026-13-02T03:04:05', '2026-01-02', '']) expect(utcTime(text)).toBeUndefined();
  });

  it('lie after the last full month', () => {
    expect(lastMonth(time('10T00:00:00'))).toEqual({
      from: new Date('2025-12-01T00:00:00Z'),
      until: new Date('2026-01-01T00:00:00Z'),
    });
  });
});
