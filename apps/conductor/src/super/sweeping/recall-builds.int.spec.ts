import { BuildRepository } from '@kilonova/cell-db';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { describe, expect, it } from 'vitest';
import { type QuietConductor, useCloud } from '../../spec-support/cloud.js';
import { SWEEP, storedOnly } from '../../spec-support/swept.js';
import type { BootStores } from '../boot/dispatch-builds.service.js';
import { RecallBuilds, type RecallRelays } from './recall-builds.job.js';
import type { SweepTimes } from './sweep-times.js';

const cloud = useCloud();

describe('a cell whose broker is away', () => {
  const away = (cell: string) => ({ awayMs: ({ name }: { name: string }) => (name === cell ? 60_000 : 0) });
  const recall = async (cell: string, parts: QuietConductor) =>
    new RecallBuilds(
      parts.api,
      parts.cells,
      { boots: cloud.boots, builds: new BuildRepository() } as BootStores,
      { cells: away(cell), api: { wake: () => undefined } } as unknown as RecallRelays,
      { intervalMs: 1_000, elsewhereSeconds: 0 } as SweepTimes,
    ).run();

  it('gives builds back that its agents were never told of, and they are scheduled anew', async () => {
    const boot = await storedOnly(cloud);
    const { uuid } = boot.instance;
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [uuid]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    await rows(cloud.cell1, `UPDATE outbox SET available_at = now() + interval '1 hour'`); // no relay gets it to a broker
    const parts = await cloud.parts();
    expect(await recall('cell1', parts)).toBe(1);
    expect(await rows(cloud.cell1, 'SELECT state FROM operations')).toEqual([{ state: 'prepared' }]);
    expect(await cloud.mappings()).toEqual([{ instance_uuid: uuid, cell_id: null }]);
    cloud.scheduler.hosts = [['h3', cloud.cells.cell2.uuid]];
    await cloud.conductor('super', SWEEP);
    await eventually(() => expect(cloud.agents2.told).toMatchObject([{ host: 'h3', args: { instance_uuid: uuid } }]));
    await eventually(async () => expect(await cloud.instances(cloud.cell1)).toEqual([]));
    expect([cloud.agents1.told, await cloud.mappings()]).toEqual([[], [{ instance_uuid: uuid, cell_id: cloud.cells.cell2.id }]]);
  });

  it('keeps what its user deletes, and what it has sent', async () => {
    const boot = await storedOnly(cloud);
    const { uuid } = boot.instance;
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [uuid]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    const parts = await cloud.parts();
    await rows(cloud.api, 'UPDATE instance_mappings SET queued_for_delete = true');
    expect(await recall('cell1', parts)).toBe(0);
    expect(await cloud.buildRequests()).toEqual([]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    await rows(cloud.cell1, 'DELETE FROM outbox');
    expect(await recall('cell1', parts)).toBe(0);
    expect(await rows(cloud.cell1, 'SELECT state FROM operations')).toEqual([{ state: 'sent' }]);
  });

  it('keeps everything while no other cell has its broker', async () => {
    const boot = await storedOnly(cloud);
    await new BuildRepository().sendMany(cloud.cell1, [boot.instance.uuid]);
    const parts = await cloud.parts();
    const none = { awayMs: () => 60_000 };
    const job = new RecallBuilds(
      parts.api,
      parts.cells,
      { boots: cloud.boots, builds: new BuildRepository() } as BootStores,
      { cells: none, api: { wake: () => undefined } } as unknown as RecallRelays,
      { intervalMs: 1_000, elsewhereSeconds: 0 } as SweepTimes,
    );
    expect(await job.run()).toBe(0);
  });
});
