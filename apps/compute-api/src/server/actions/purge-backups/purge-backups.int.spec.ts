import { randomUUID } from 'node:crypto';
import { rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { imageDocument } from '../../../spec-support/image-shelf.js';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const EXTENDED = { at: '2.96, kilonova 1.0' } as const;

describe('the backups of a server', () => {
  const cloud = useServerCloud();
  let server: string;
  beforeEach(async () => {
    await cloud.clear();
    await rows(cloud.cell1, 'TRUNCATE image_errands');
    server = await cloud.active();
  });

  const image = (more: Record<string, unknown>): string => {
    const id = randomUUID();
    cloud.images.documents.set(
      id,
      imageDocument({ id, instance_uuid: server, image_type: 'backup', backup_type: 'daily', ...more }),
    );
    return id;
  };
  const purge = async (body: unknown, call = {}) =>
    (await cloud.call('POST', `/servers/${server}/action`, { ...EXTENDED, ...call, body: { purgeBackups: body } })).status;
  const noted = async () =>
    (await rows<{ image_id: string }>(cloud.cell1, 'SELECT image_id FROM image_errands ORDER BY id')).map((row) => row.image_id);
  const told = () => rows(cloud.cell1, `SELECT level, args FROM outbox WHERE method = 'tend_images'`);

  it('go, and nothing else of it or of others', async () => {
    const [daily, weekly] = [image({}), image({ backup_type: 'weekly' })];
    image({ image_type: 'snapshot' });
    image({ instance_uuid: randomUUID() });
    expect(await purge(null)).toBe(202);
    expect(new Set(await noted())).toEqual(new Set([daily, weekly]));
  });

  it('go by type, in whatever state the server is, locked or not', async () => {
    const daily = image({});
    image({ backup_type: 'weekly' });
    await cloud.call('POST', `/servers/${server}/action`, { as: 'admin:p', body: { lock: null } });
    await cloud.change(server, { vm_state: 'error', task_state: 'rebuilding' });
    expect(await purge({ backup_type: 'daily' })).toBe(202);
    expect(await noted()).toEqual([daily]);
  });

  it('of none are none, and nobody is told', async () => {
    expect(await purge({})).toBe(202);
    expect([await noted(), await told()]).toEqual([[], []]);
  });

  it('stay where the caller may not, or the image service does not answer', async () => {
    image({});
    expect([await purge({}, { as: 'r:p', roles: 'reader' }), await purge({}, { as: 'u:other' })]).toEqual([403, 404]);
    cloud.images.refusal = 503;
    expect(await purge({})).toBe(503);
    cloud.images.refusal = undefined;
    expect(await noted()).toEqual([]);
  });

  it('of a server that no cell has are none', async () => {
    server = await cloud.createdId();
    expect(await purge({})).toBe(202);
  });
});
