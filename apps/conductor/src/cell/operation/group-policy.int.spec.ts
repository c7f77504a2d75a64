import { aGroup } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { describe, expect, it } from 'vitest';
import { AgentsOfCell } from '../../spec-support/agents-of-cell.js';
import { useCloud } from '../../spec-support/cloud.js';
import { aMove } from '../../spec-support/group-members.js';

const cloud = useCloud();
const agents = new AgentsOfCell(cloud);

describe('a group, at the last moment', () => {
  it('is not broken by two builds that begin together on one host: one of them goes elsewhere', async () => {
    await cloud.conductor('cell');
    const group = aGroup();
    const both = [await agents.sent('h1', ['h2'], group), await agents.sent('h1', ['h2'], group)];
    const results = await Promise.all(both.map((step) => agents.take(step)));
    expect(results.map((result) => result.outcome).sort()).toEqual(['stale', 'taken']);
    const refused = both[results.findIndex((result) => result.outcome === 'stale')];
    await eventually(async () =>
      expect(await agents.operationOf(refused?.instance_uuid ?? '')).toMatchObject({ host: 'h2', attempt: 2 }),
    );
    expect(await rows(cloud.cell1, 'SELECT host FROM group_placements')).toEqual([{ host: 'h1' }]);
  });

  it('does not give away the place of a member that moved and may come back', async () => {
    await cloud.conductor('cell');
    const group = aGroup();
    const moved = await aMove(cloud.cell1, group.uuid, { from: 'h1', to: 'h2', status: 'finished' });
    const step = await agents.sent('h1', ['h3'], group);
    expect(await agents.take(step)).toMatchObject({ outcome: 'stale' });
    await eventually(async () => expect(await agents.operationOf(step.instance_uuid)).toMatchObject({ host: 'h3', attempt: 2 }));
    await rows(cloud.cell1, `UPDATE migrations SET status = 'confirmed' WHERE instance_uuid = $1`, [moved]);
    expect(await agents.take(await agents.sent('h1', [], group))).toMatchObject({ outcome: 'taken' });
  });

  it('with affinity stays on the host of the first, and ends, with its action, where there is no other', async () => {
    await cloud.conductor('cell');
    const group = aGroup({ policy: 'affinity' });
    expect(await agents.take(await agents.sent('h1', [], group))).toMatchObject({ outcome: 'taken' });
    expect(await agents.take(await agents.sent('h1', [], group))).toMatchObject({ outcome: 'taken' });
    const step = await agents.sent('h2', [], group);
    expect(await agents.take(step)).toMatchObject({ outcome: 'stale' });
    await eventually(async () =>
      expect(await agents.stored(step.instance_uuid)).toMatchObject({ vm_state: 'error', host: null }),
    );
    expect((await agents.stored(step.instance_uuid))?.fault?.message).toContain(
      'aborted: Affinity instance group policy was violated.',
    );
    const action = await rows(
      cloud.cell1,
      'SELECT message, finish_time IS NOT NULL AS ended FROM instance_actions WHERE instance_uuid = $1',
      [step.instance_uuid],
    );
    expect(action).toEqual([{ message: 'Error', ended: true }]);
    expect(cloud.placement.held.has(step.instance_uuid)).toBe(false);
  });
});
