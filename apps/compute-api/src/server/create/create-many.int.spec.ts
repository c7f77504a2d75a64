import { BootRepository, QuotaLedgerRepository } from '@kilonova/api-db';
import { rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';
import { newInstances } from './model/new-instances.js';

vi.mock('./model/new-instances.js', { spy: true });

const built = (): number => vi.mocked(newInstances).mock.calls.reduce((sum, [, uuids]) => sum + uuids.length, 0);

describe('C2: a number in a request costs nothing before it is allowed', () => {
  const cloud = useServerCloud({ computeApi: { maxServersPerRequest: 30, maxBytesPerRequest: 1_048_576 } });
  const accept = vi.spyOn(BootRepository.prototype, 'acceptMany');
  const acceptFew = vi.spyOn(BootRepository.prototype, 'acceptWithin');
  const add = vi.spyOn(QuotaLedgerRepository.prototype, 'add');
  beforeEach(async () => {
    await cloud.clear();
    vi.clearAllMocks();
  });
  const unlimited = () =>
    rows(
      cloud.api,
      `INSERT INTO quotas (project_id, resource, hard_limit) SELECT 'p', r, -1 FROM unnest(ARRAY['instances','cores','ram']) r`,
    );

  it('C2: twenty million servers are over the quota, and none is built, stored or counted', async () => {
    const { status, body } = await cloud.create({ min_count: 20_000_000 });
    expect(status).toBe(403);
    expect(body.forbidden.message).toMatch(/^Quota exceeded for instances, cores, ram: Requested 20000000, /);
    const asked = [accept, acceptFew, add].map((call) => call.mock.calls.length);
    expect([built(), ...asked]).toEqual([0, 0, 0, 0]);
  });

  it('C2: a maximum beyond everything is cut to what fits', async () => {
    const { status } = await cloud.create({ min_count: 1, max_count: 2_000_000_000 });
    expect(status).toBe(202);
    expect((await cloud.usage()).instances).toBe(10);
    expect(accept.mock.calls[0]?.[1]).toHaveLength(10);
  });

  it('C2: without a quota the configured bound holds', async () => {
    await unlimited();
    const { status, body } = await cloud.create({ min_count: 20_000_000 });
    expect([status, body.badRequest.message]).toEqual([400, 'One request can ask for 30 servers at most.']);
    expect(built()).toBeLessThanOrEqual(1);
    expect(accept).not.toHaveBeenCalled();
    expect((await cloud.create({ min_count: 25, max_count: 2_000_000_000 })).status).toBe(202);
    expect((await cloud.usage()).instances).toBe(30);
  });

  it('C2: bytes are bounded, not servers alone', async () => {
    await unlimited();
    const large = { user_data: Buffer.alloc(49_000).toString('base64') };
    const { status, body } = await cloud.create({ min_count: 30, ...large });
    expect([status, body.badRequest.message]).toEqual([
      400,
      expect.stringMatching(/^One request can ask for 1\d servers of this size/),
    ]);
    expect(accept).not.toHaveBeenCalled();
    expect((await cloud.create({ min_count: 2, max_count: 30, ...large })).status).toBe(202);
    expect((await cloud.usage()).instances).toBeLessThan(20);
  });
});
