import { unplaced } from '@kilonova/compute-objects';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { AppError } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, LARGER, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud, 'h1', 'h2', 'h3');

beforeEach(() => moves.conductors());

/** A server whose resize from h1 to h2 waits to be confirmed. */
async function resized(flavor = LARGER) {
  const server = await moves.server();
  await moves.ask(server, 'resize', unplaced({ flavor }));
  await moves.agent(server.uuid, 'h2', 'prep_resize');
  await moves.agent(server.uuid, 'h1', 'resize_instance', { system_metadata: { old_vm_state: 'active' } });
  await moves.agent(server.uuid, 'h2', 'finish_resize', { power_state: 1 });
  return moves.ended(server.uuid);
}

describe('a resize', () => {
  it('goes from step to step, and the server is where and what it is to be when the table says', async () => {
    const server = await moves.server();
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    expect(await moves.migration(server.uuid)).toMatchObject({
      status: 'pre-migrating',
      migration_type: 'resize',
      source_compute: 'h1',
    });
    await moves.agent(server.uuid, 'h2', 'prep_resize');
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: held('h1') });
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h1', task_state: 'resize_prep', flavor: server.flavor });
    await moves.agent(server.uuid, 'h1', 'resize_instance');
    expect(await moves.instance(server.uuid)).toMatchObject({
      host: 'h2',
      node: 'h2',
      compute_node_uuid: nodeUuidOf('h2'),
      task_state: 'resize_migrated',
      flavor: LARGER,
    });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'post-migrating', dest_compute: 'h2' });
    await moves.agent(server.uuid, 'h2', 'finish_resize', { power_state: 1 });
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'resized', task_state: null });
    expect(await moves.migration(server.uuid)).toMatchObject({
      status: 'finished',
      old_instance_type_id: server.flavor.id,
      new_instance_type_id: LARGER.id,
    });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: held('h1') });
    expect((await moves.actions(server.uuid))[0]).toEqual({ action: 'resize', message: null, ended: true });
    const events = await rows(
      cloud.cell1,
      `SELECT event, result FROM instance_action_events WHERE event <> 'compute__do_build_and_run_instance' ORDER BY id`,
    );
    expect(events).toEqual(
      ['cold_migrate', 'compute_prep_resize', 'compute_resize_instance', 'compute_finish_resize'].map((event) => ({
        event,
        result: 'Success',
      })),
    );
    await eventually(async () => expect(await moves.holding(server.uuid)).toEqual({ cores: 2, ram: 1024 }));
  });

  it('that is confirmed gives the source back', async () => {
    const server = await resized();
    await moves.ask(server, 'confirmResize', {});
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'confirming' });
    await moves.agent(server.uuid, 'h1', 'confirm_resize');
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', host: 'h2', flavor: LARGER });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'confirmed' });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: {} });
  });

  it('that is taken back leaves the server as it was, its quota too', async () => {
    const server = await resized();
    await moves.ask(server, 'revertResize', {});
    await moves.agent(server.uuid, 'h2', 'revert_resize');
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h1', task_state: 'resize_reverting', flavor: { id: 1 } });
    await moves.agent(server.uuid, 'h1', 'finish_revert_resize', { power_state: 4 });
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'stopped', host: 'h1', node: 'h1' });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'reverted' });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h1'), migration: {} });
    await eventually(async () => expect(await moves.holding(server.uuid)).toEqual({ cores: 1, ram: 512 }));
  });
});

describe('a resize that nobody confirms', () => {
  const sweepOnce = async (window: string) => {
    await rows(
      cloud.cell1,
      `INSERT INTO services (host, "binary", topic, last_seen_up) VALUES ('h1', 'nova-compute', 'compute', now())`,
    );
    await cloud.conductor('cell', {
      'sweeper.enabled': 'true',
      'sweeper.intervalSeconds': '0.1',
      'sweeper.resizeConfirmWindowSeconds': window,
    });
  };

  it('is confirmed by the conductor when its time is over', async () => {
    const server = await resized();
    await sweepOnce('0.1');
    await moves.agent(server.uuid, 'h1', 'confirm_resize');
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', host: 'h2' });
    expect((await moves.actions(server.uuid))[0]).toMatchObject({ action: 'confirmResize', ended: true });
  });

  it('leaves nothing anywhere when its server is deleted', async () => {
    const server = await resized();
    await moves.ask(server, 'delete', {});
    const { uuid } = await moves.migration(server.uuid);
    await moves.agent(server.uuid, 'h2', 'terminate_instance');
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'confirmed' });
    expect([...cloud.placement.held.keys()].filter((consumer) => [uuid, server.uuid].includes(consumer))).toEqual([]);
    await eventually(() =>
      expect(
        cloud.agents1.told
          .filter(({ method }) => method === 'forget_guest')
          .map(({ host }) => host)
          .sort(),
      ).toEqual(['h1', 'h2']),
    );
  });
});

describe('a resize that comes to nothing', () => {
  const asItWas = async (uuid: string, message: string | RegExp) => {
    expect(await moves.ended(uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      host: 'h1',
      fault: { message: expect.stringMatching(message) },
    });
    expect(await moves.migration(uuid)).toMatchObject({ status: 'error' });
    expect(await moves.ledger(uuid)).toEqual({ server: held('h1'), migration: {} });
    expect((await moves.actions(uuid))[0]).toMatchObject({ message: 'Error', ended: true });
  };

  it('for want of a host says so, and holds what it held', async () => {
    cloud.scheduler.hosts = [['h1', cloud.cells.cell1.uuid]];
    const server = await moves.server();
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    await asItWas(server.uuid, /^No valid host was found/);
  });

  it('because nobody answers says that it is not known, after so many tries', async () => {
    cloud.scheduler.failures = 99;
    const server = await moves.server();
    await moves.ask(server, 'migrate', unplaced());
    await asItWas(server.uuid, /did not answer in time/);
  });

  it('tries the alternates, each with its own claim, before it gives up', async () => {
    const server = await moves.server();
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    await moves.agent(server.uuid, 'h2', 'prep_resize', {}, true);
    await eventually(async () => expect(await moves.ledger(server.uuid)).toEqual({ server: held('h3'), migration: held('h1') }));
    await moves.agent(server.uuid, 'h3', 'prep_resize', {}, true);
    await asItWas(server.uuid, /^Exhausted all hosts/);
  });

  it('at its source is in ERROR there, and holds what it held', async () => {
    const server = await moves.server();
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    await moves.agent(server.uuid, 'h2', 'prep_resize');
    await moves.agent(server.uuid, 'h1', 'resize_instance', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: 'h1', flavor: { id: 1 } });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h1'), migration: {} });
  });

  it('at its destination is in ERROR there, and gives the source back', async () => {
    const server = await moves.server();
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    await moves.agent(server.uuid, 'h2', 'prep_resize');
    await moves.agent(server.uuid, 'h1', 'resize_instance');
    await moves.agent(server.uuid, 'h2', 'finish_resize', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: 'h2' });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: {} });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'error' });
  });
});

describe('a search for a host that is cut short', () => {
  it('goes on from what it had got to, and the claim of the run before is not kept', async () => {
    const server = await moves.server();
    const claim = cloud.placement.claim.bind(cloud.placement);
    let interruptions = 0;
    cloud.placement.claim = async (ctx, ...args) => {
      const result = await claim(ctx, ...args);
      if (interruptions++ > 0) return result;
      cloud.scheduler.hosts = [['h3', cloud.cells.cell1.uuid]];
      throw new AppError({ kind: 'dependency', code: 'test.lost', message: 'The answer was lost.', retry: { laterMs: 1 } });
    };
    await moves.ask(server, 'migrate', unplaced());
    await moves.agent(server.uuid, 'h3', 'prep_resize');
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h3'), migration: held('h1') });
  });

  it('is nothing to a server that is deleted meanwhile', async () => {
    cloud.scheduler.failures = 99;
    const server = await moves.server();
    await moves.ask(server, 'migrate', unplaced());
    const moving = await moves.instance(server.uuid);
    await moves.ask(moving, 'delete', {});
    const { uuid } = await moves.migration(server.uuid);
    await moves.agent(server.uuid, 'h1', 'terminate_instance');
    await eventually(async () => expect(await cloud.instances(cloud.cell1)).toEqual([]));
    expect([...cloud.placement.held.keys()].filter((consumer) => [uuid, server.uuid].includes(consumer))).toEqual([]);
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'error' });
  });
});
