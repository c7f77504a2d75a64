import { NotificationEmitter } from '@kilonova/notifications';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IMAGE, imageDocument } from '../../spec-support/image-shelf.js';
import { useServerCloud } from '../../spec-support/server-cloud.js';

describe('creating servers', () => {
  const cloud = useServerCloud({ quota: { instances: 3, cores: 10, ram: 4096, metadataItems: 2 } });
  beforeEach(() => cloud.clear());

  it('answers with links and a password, and tells the conductor', async () => {
    const { status, headers, body } = await cloud.create({ name: 'web' });
    expect(status).toBe(202);
    const id = body.server.id as string;
    expect(headers.get('location')).toBe(`${cloud.url}/v2.1/servers/${id}`);
    expect(body.server).toEqual({
      id,
      links: [
        { rel: 'self', href: `${cloud.url}/v2.1/servers/${id}` },
        { rel: 'bookmark', href: `${cloud.url}/servers/${id}` },
      ],
      'OS-DCF:diskConfig': 'MANUAL',
      security_groups: [{ name: 'default' }],
      adminPass: expect.stringMatching(/^[a-zA-Z2-9]{12}$/),
    });
    await eventually(() =>
      expect(cloud.casts).toEqual([{ method: 'schedule_and_build_instances', args: { instance_uuids: [id] }, host: undefined }]),
    );
    const shown = await cloud.call('GET', `/servers/${id}`);
    expect(shown.body.server).toMatchObject({
      name: 'web',
      status: 'BUILD',
      hostId: '',
      'OS-EXT-STS:task_state': 'scheduling',
      tags: [],
      description: null,
    });
    expect(await cloud.usage()).toEqual({ instances: 1, cores: 1, ram: 512 });
  });

  it('names several servers of one request and answers their reservation', async () => {
    const { body } = await cloud.create({ name: 'web', min_count: 2, max_count: 3, return_reservation_id: true });
    expect(body.reservation_id).toMatch(/^r-[a-z0-9]{8}$/);
    const { body: list } = await cloud.call('GET', '/servers?sort_key=display_name&sort_dir=asc');
    expect(list.servers.map(({ name }: { name: string }) => name)).toEqual(['web-1', 'web-2', 'web-3']);
    const { body: found } = await cloud.call('GET', `/servers?reservation_id=${body.reservation_id}`);
    expect(found.servers).toHaveLength(3);
  });

  it('takes as many as fit when at least the minimum does, and says why when it does not', async () => {
    const three = await cloud.create({ min_count: 2, max_count: 5, return_reservation_id: true });
    expect(three.status).toBe(202);
    expect((await cloud.usage()).instances).toBe(3);
    const none = await cloud.create();
    expect(none.status).toBe(403);
    expect(none.body.forbidden.message).toBe('Quota exceeded for instances: Requested 1, but already used 3 of 3 instances');
    expect((await cloud.usage()).instances).toBe(3);
  });

  it('never lets parallel requests over the quota', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => cloud.create()));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(9);
    expect(await rows(cloud.api, 'SELECT 1 FROM quota_holdings')).toHaveLength(3);
  });

  it('refuses what does not fit together', async () => {
    const small = '00000000-0000-4000-8000-000000000001';
    const queued = '00000000-0000-4000-8000-000000000002';
    const secure = '00000000-0000-4000-8000-000000000003';
    await rows(
      cloud.api,
      `INSERT INTO flavors (flavorid, name, memory_mb, vcpus, root_gb, extra_specs) VALUES ('secure', 'secure', 512, 1, 1, '{"os:secure_boot": "required"}') ON CONFLICT DO NOTHING`,
    );
    cloud.images.documents
      .set(secure, imageDocument({ id: secure, os_secure_boot: 'required' }))
      .set(small, imageDocument({ id: small, min_ram: 1024 }))
      .set(queued, imageDocument({ id: queued, status: 'queued' }));
    const cases: Array<[Record<string, unknown>, number, string]> = [
      [{ flavorRef: 'nope' }, 400, 'Flavor nope could not be found.'],
      [{ imageRef: '00000000-0000-4000-8000-00000000000f' }, 400, 'Can not find requested image'],
      [{ imageRef: small }, 400, "Flavor's memory is too small for requested image."],
      [{ imageRef: queued }, 400, `Image ${queued} is not active.`],
      [{ key_name: 'nope' }, 400, 'Invalid key_name provided.'],
      [{ availability_zone: 'mars' }, 400, 'The requested availability zone is not available'],
      [{ min_count: 3, max_count: 2 }, 400, 'min_count must be <= max_count'],
      [{ metadata: { a: '1', b: '2', c: '3' } }, 403, 'Maximum number of metadata items exceeds 2'],
      [{ networks: [{ uuid: IMAGE }] }, 400, `Network ${IMAGE} could not be found.`],
      [{ security_groups: [{ name: 'web' }] }, 400, "Unable to find security_group with name or id 'web'"],
      [{ imageRef: secure }, 400, 'Secure Boot is not supported by host'],
      [{ flavorRef: 'secure' }, 400, 'Secure Boot is not supported by host'],
      [{ trusted_image_certificates: ['c'] }, 400, 'Image signature certificate validation support is not yet available.'],
      [{ flavorRef: 'f0' }, 403, 'Only volume-backed servers are allowed for flavors with zero disk.'],
      [
        { availability_zone: 'nova:host1' },
        403,
        "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.",
      ],
    ];
    for (const [server, status, message] of cases) {
      const answer = await cloud.create(server);
      expect([answer.status, (Object.values(answer.body)[0] as { message: string }).message], JSON.stringify(server)).toEqual([
        status,
        message,
      ]);
    }
    expect(await rows(cloud.api, 'SELECT 1 FROM instance_mappings')).toEqual([]);
    expect(await cloud.usage()).toMatchObject({ instances: 0 });
  });

  it('refuses bodies that no schema knows', async () => {
    const bad = [
      { name: '' },
      { name: ' x' },
      { name: 7 },
      { flavorRef: null },
      { metadata: { '': 'x' } },
      { min_count: 0 },
      { max_count: 'x' },
      { accessIPv4: '1.1' },
      { tags: ['a,b'] },
      { more: 1 },
      { user_data: '%%%' },
    ];
    for (const server of bad) expect((await cloud.create(server)).status, JSON.stringify(server)).toBe(400);
    expect(
      (await cloud.call('POST', '/servers', { body: { server: { name: 'x', imageRef: IMAGE, flavorRef: 'f1' } } })).status,
    ).toBe(400);
    expect(
      (await cloud.call('POST', '/servers', { at: '2.1', body: { server: { name: 'x', imageRef: IMAGE, flavorRef: 'f1' } } }))
        .status,
    ).toBe(202);
  });

  it('makes servers members of their group, no more than the quota allows', async () => {
    const group = '33333333-3333-4333-8333-333333333333';
    const insert = `INSERT INTO instance_groups (uuid, name, project_id, user_id, policy) VALUES ($1, 'g', 'p', 'u', 'anti-affinity')`;
    await rows(cloud.api, insert, [group]);
    await rows(cloud.api, `INSERT INTO quotas (project_id, resource, hard_limit) VALUES ('p', 'server_group_members', 1)`);
    const hints = { 'os:scheduler_hints': { group } };
    const emit = vi.spyOn(NotificationEmitter.prototype, 'emit');
    const first = await cloud.create({}, {}, hints);
    expect(first.status).toBe(202);
    expect(emit.mock.calls.map(([, { versioned, legacy }]) => [versioned?.eventType, legacy?.eventType])).toEqual([
      ['server_group.add_member', 'servergroup.addmember'],
    ]);
    emit.mockRestore();
    expect((await cloud.call('GET', `/servers/${first.body.server.id}`)).body.server.server_groups).toEqual([group]);
    expect((await cloud.create({}, {}, hints)).body.forbidden.message).toBe('Quota exceeded, too many servers in group');
    expect((await cloud.create({}, { as: 'x:other' }, hints)).status).toBe(400);
    expect((await cloud.usage()).instances).toBe(1);
  });

  it('lets an administrator name the host', async () => {
    const answer = await cloud.create({ availability_zone: 'nova:host1' }, { as: 'admin:p' });
    expect(answer.status).toBe(202);
    const [row] = await rows<{ spec: { force_hosts: string[] } }>(cloud.api, 'SELECT spec FROM request_specs');
    expect(row?.spec.force_hosts).toEqual(['host1']);
    expect((await cloud.create({ host: 'nowhere' }, { as: 'admin:p' })).body.badRequest.message).toBe(
      'Compute host nowhere could not be found.',
    );
    const node = { hypervisor_hostname: 'node-nowhere' };
    for (const server of [node, { host: 'host1', ...node }]) {
      const refused = await cloud.create(server, { as: 'admin:p' });
      expect([refused.status, refused.body.badRequest?.message]).toEqual([
        400,
        `Compute host ${'host' in server ? 'host1' : 'node-nowhere'} could not be found.`,
      ]);
    }
    expect((await cloud.usage()).instances).toBe(1);
  });
});
