import { ComputeNodeRepository } from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { describe, expect, it } from 'vitest';
import { AgentsOfCell } from '../../spec-support/agents-of-cell.js';
import { useCloud } from '../../spec-support/cloud.js';
import { aNodeReport } from '../../spec-support/samples.js';

const cloud = useCloud();
const agents = new AgentsOfCell(cloud);

describe('a host', () => {
  const report = (host: string, node = host) =>
    agents.call(messages.reportHost, {
      host,
      binary: 'nova-compute',
      topic: 'compute',
      version: 1,
      nodes: [aNodeReport(node)],
    });

  it('reports itself, beats, and keeps what an administrator set', async () => {
    await cloud.conductor('cell');
    expect(await report('h1')).toMatchObject({ host: 'h1', binary: 'nova-compute', disabled: false });
    await rows(cloud.cell1, `UPDATE services SET disabled = true, disabled_reason = 'x' WHERE host = 'h1'`);
    expect(await report('h1')).toMatchObject({ disabled: true, disabled_reason: 'x' });
    expect(await agents.call(messages.heartbeat, { binary: 'nova-compute', hosts: ['h1', 'h9'] })).toEqual({
      hosts: [{ host: 'h1', disabled: true }],
      stale: [],
    });
  });

  const nodesOf = () => rows(cloud.cell1, 'SELECT host, uuid, mapped FROM compute_nodes ORDER BY host');
  const node = (host: string, mapped: boolean, name = host) => ({ host, uuid: nodeUuidOf(name), mapped });
  /** Both hosts report, and are discovered. */
  const discovered = async () => {
    await cloud.conductor('cell');
    await report('h1');
    await report('h2');
    const found = await new ComputeNodeRepository().unmapped(cloud.cell1);
    await new ComputeNodeRepository().markMapped(
      cloud.cell1,
      found.map(({ id }) => id),
    );
  };
  const silent = (host: string) =>
    rows(cloud.cell1, `UPDATE services SET last_seen_up = now() - interval '61 seconds' WHERE host = $1`, [host]);

  it('H6: that claims the node of another that lives is refused, and both stay in scheduling', async () => {
    await discovered();
    const before = await nodesOf();
    expect(before).toEqual([node('h1', true), node('h2', true)]);
    await expect(report('h1', 'h2')).rejects.toMatchObject({ kind: 'conflict', code: 'cell.compute_node.foreign' });
    await report('h2');
    await report('h1');
    expect(await nodesOf()).toEqual(before);
  });

  it.each([
    ['silent', () => silent('h2')],
    ['forced down', () => rows(cloud.cell1, `UPDATE services SET forced_down = true WHERE host = 'h2'`)],
    ['removed', () => rows(cloud.cell1, `DELETE FROM services WHERE host = 'h2'`)],
  ])('H6: that takes over the node of one that is %s has it with its uuid, mapped as the host is', async (_how, end) => {
    await discovered();
    await end();
    await report('h1', 'h2');
    expect(await nodesOf()).toEqual([node('h1', true, 'h2')]);
    await report('h3', 'h3');
    expect(await nodesOf()).toEqual([node('h1', true, 'h2'), node('h3', false)]);
  });

  it('H6: whose node comes back is in scheduling again without discovery', async () => {
    await discovered();
    await silent('h2');
    await report('h1', 'h2');
    await silent('h1');
    await report('h2');
    await report('h1');
    expect(await nodesOf()).toEqual([node('h1', true), node('h2', true)]);
  });

  it('H6: whose mapping is gone is discovered anew', async () => {
    await discovered();
    await new ComputeNodeRepository().unmapHost(cloud.cell1, 'h1');
    await report('h1');
    await new ComputeNodeRepository().removeHost(cloud.cell1, 'h2');
    await report('h2');
    expect(await nodesOf()).toEqual([node('h1', false), node('h2', false)]);
  });

  it('that comes back as somebody else is refused', async () => {
    await cloud.conductor('cell');
    await report('h1');
    await rows(cloud.cell1, 'UPDATE compute_nodes SET uuid = gen_random_uuid()');
    await expect(report('h1')).rejects.toMatchObject({ kind: 'conflict', code: 'cell.compute_node.duplicate' });
  });
});
