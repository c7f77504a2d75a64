import { rows } from '@kilonova/sql';
import { eventually, TcpProxy } from '@kilonova/testing';
import { newRequestId } from '@kilonova/util';
import { expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();

it('a cell that hangs gets no boots while another can take them, and gets them again when it answers', async () => {
  const [mapping] = await rows<{ url: string }>(
    cloud.api,
    `SELECT database_connection AS url FROM cell_mappings WHERE name = 'cell1'`,
  );
  const url = mapping?.url ?? '';
  const proxy = await TcpProxy.inFrontOf(url);
  try {
    await rows(cloud.api, `UPDATE cell_mappings SET database_connection = $1 WHERE name = 'cell1'`, [proxy.through(url)]);
    cloud.scheduler.hosts = [
      ['h1', cloud.cells.cell1.uuid],
      ['h2', cloud.cells.cell2.uuid],
    ];
    await cloud.conductor('super', { 'cells.timeoutSeconds': '0.5' });
    proxy.blackhole();
    for (let count = 0; count < 6; count++) await cloud.accept([aBoot(newRequestId())]);
    await eventually(() => expect(cloud.agents2.told).toHaveLength(6));
    expect(await cloud.instances(cloud.cell0)).toEqual([]);
    proxy.heal();
    await eventually(async () => {
      await cloud.accept([aBoot(newRequestId())]);
      expect(cloud.agents1.told.length).toBeGreaterThan(0);
    });
  } finally {
    proxy.heal();
    await proxy.close();
  }
});
