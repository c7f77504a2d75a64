import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();

/** A server that is mapped to cell1. */
async function inCell1(): Promise<string> {
  const boot = aBoot(newRequestId());
  await cloud.boots.acceptMany(cloud.api, [boot]);
  await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [boot.instance.uuid]);
  return boot.instance.uuid;
}
const note = (sql: typeof cloud.api, uuid: string, image: string) =>
  rows(sql, 'INSERT INTO image_errands (instance_uuid, image_id) VALUES ($1, $2)', [uuid, image]);
const noteRotation = (uuid: string, keep: number) =>
  rows(cloud.cell1, `INSERT INTO image_errands (instance_uuid, backup_type, keep) VALUES ($1, 'daily', $2)`, [uuid, keep]);
const left = (sql: typeof cloud.api) => rows(sql, 'SELECT image_id FROM image_errands');
const images = () => [...cloud.images.documents.keys()];

describe('images that a cell has noted something about', () => {
  it('are deleted, and the errand is forgotten; what is gone already is done', async () => {
    const [uuid, image] = [await inCell1(), randomUUID()];
    cloud.images.add(image, { instance_uuid: uuid, status: 'queued' });
    for (const id of [image, randomUUID()]) await note(cloud.cell1, uuid, id);
    const { tendImages } = await cloud.parts();
    await tendImages.run({ requestId: newRequestId() }, uuid);
    expect([images(), await left(cloud.cell1)]).toEqual([[], []]);
  });

  it('are told of by a message, or found by the sweep where it was lost', async () => {
    const [uuid, image] = [await inCell1(), randomUUID()];
    cloud.images.add(image, { instance_uuid: uuid });
    await note(cloud.cell1, uuid, image);
    await cloud.conductor('super');
    await cloud.apiBus.cast({ requestId: newRequestId() }, messages.tendImages, { topic: 'conductor' }, { instance_uuid: uuid });
    await eventually(async () => expect(await left(cloud.cell1)).toEqual([]));
    await note(cloud.cell1, uuid, image);
    await rows(cloud.cell1, `UPDATE image_errands SET created_at = now() - interval '1 day'`);
    const parts = await cloud.parts();
    const job = parts.jobs.find(({ name }) => name === 'tend waiting images');
    expect([await job?.run(), await job?.run()]).toEqual([1, 0]);
    expect([images(), await left(cloud.cell1)]).toEqual([[], []]);
  });

  it('stay when they say that they are of another server, or of none', async () => {
    const [uuid, other] = [await inCell1(), await inCell1()];
    const theirs = [randomUUID(), randomUUID()];
    cloud.images.add(theirs[0] as string, { instance_uuid: other });
    cloud.images.add(theirs[1] as string, {});
    for (const id of theirs) await note(cloud.cell1, uuid, id);
    const { tendImages } = await cloud.parts();
    await tendImages.run({ requestId: newRequestId() }, uuid);
    expect([images(), await left(cloud.cell1)]).toEqual([theirs, []]);
  });

  it("stay when a cell names a server that is not its own: the server's own cell has noted nothing", async () => {
    const [uuid, image] = [await inCell1(), randomUUID()];
    cloud.images.add(image, { instance_uuid: uuid });
    await note(cloud.cell2, uuid, image);
    const { tendImages } = await cloud.parts();
    await tendImages.run({ requestId: newRequestId() }, uuid);
    expect([images(), (await left(cloud.cell2)).length]).toEqual([[image], 1]);
  });

  it('wait while the image service is away', async () => {
    const [uuid, image] = [await inCell1(), randomUUID()];
    cloud.images.add(image, { instance_uuid: uuid });
    await note(cloud.cell1, uuid, image);
    cloud.images.isAway = true;
    const { tendImages } = await cloud.parts();
    await expect(tendImages.run({ requestId: newRequestId() }, uuid)).rejects.toMatchObject({ kind: 'dependency' });
    expect((await left(cloud.cell1)).length).toBe(1);
  });

  it('that are backups of one type and server stay as many as are to be kept, the newest', async () => {
    const uuid = await inCell1();
    const backup = (day: string, more = {}) => {
      const id = randomUUID();
      const ofServer = { image_type: 'backup', backup_type: 'daily', instance_uuid: uuid };
      cloud.images.add(id, { ...ofServer, created_at: `2026-11-${day}T00:00:00Z`, ...more });
      return id;
    };
    const kept = [backup('03'), backup('01', { backup_type: 'weekly' }), backup('01', { instance_uuid: randomUUID() })];
    const [oldest, locked] = [backup('01'), backup('02', { protected: true })];
    await noteRotation(uuid, 1);
    const { tendImages } = await cloud.parts();
    await tendImages.run({ requestId: newRequestId() }, uuid);
    expect(images()).toEqual([...kept, locked]);
    expect(images()).not.toContain(oldest);
    expect(await left(cloud.cell1)).toEqual([]);
  });
});
