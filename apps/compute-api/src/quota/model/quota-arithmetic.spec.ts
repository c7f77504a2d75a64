import { describe, expect, it } from 'vitest';
import { effectiveLimits, overrunMessage, serversThatFit } from './quota-arithmetic.js';
import type { QuotaDefaults } from './quota-resources.js';

const defaults: QuotaDefaults = {
  instances: 10,
  cores: 20,
  ram: 1000,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 1,
  injected_file_path_bytes: 1,
  key_pairs: 1,
  server_groups: 1,
  server_group_members: 1,
};
const each = { instances: 1, cores: 2, ram: 100 };
const after = (instances: number, cores: number, ram: number) => ({
  project: { instances, cores, ram },
  user: { instances, cores, ram },
});

describe('quota', () => {
  it('takes the nearest limit: user, project, class, configuration', () => {
    const limits = effectiveLimits(
      { user: { cores: 1 }, project: { cores: 2, ram: 3 }, defaults: { cores: 4, ram: 5, instances: 6 } },
      defaults,
    );
    expect(limits.project).toMatchObject({ cores: 2, ram: 3, instances: 6, metadata_items: 128 });
    expect(limits.user).toMatchObject({ cores: 1, ram: 3, instances: 6 });
  });

  it('lets what fits pass, up to the limit itself', () => {
    const limits = effectiveLimits({ user: {}, project: {}, defaults: {} }, defaults);
    expect(serversThatFit(limits, after(10, 20, 1000), each, 4)).toEqual({ count: 4, overruns: [] });
  });

  it('counts how many fit by the scarcest resource', () => {
    const limits = effectiveLimits({ user: {}, project: { cores: 5 }, defaults: {} }, defaults);
    const { count, overruns } = serversThatFit(limits, after(4, 8, 400), each, 4);
    expect(count).toBe(2);
    expect(overruns).toEqual([{ resource: 'cores', requested: 8, used: 0, limit: 5 }]);
  });

  it('heeds a limit of the user below the project', () => {
    const limits = effectiveLimits({ user: { instances: 1 }, project: {}, defaults: {} }, defaults);
    expect(
      serversThatFit(limits, { project: after(2, 4, 200).project, user: { instances: 2, cores: 4, ram: 200 } }, each, 1).count,
    ).toBe(0);
  });

  it('knows no limit below zero', () => {
    const limits = effectiveLimits({ user: {}, project: { instances: -1, cores: -1, ram: -1 }, defaults: {} }, defaults);
    expect(serversThatFit(limits, after(1e6, 1e6, 1e6), each, 9).count).toBe(9);
  });

  it('names every resource that is short', () => {
    const overruns = [
      { resource: 'cores', requested: 4, used: 18, limit: 20 },
      { resource: 'ram', requested: 1024, used: 0, limit: 512 },
    ] as const;
    expect(overrunMessage(overruns)).toBe(
      'Quota exceeded for cores, ram: Requested 4, 1024, but already used 18, 0 of 20, 512 cores, ram',
    );
  });
});
