import { unplaced } from '@kilonova/compute-objects';
import { anImage, nodeUuidOf } from '@kilonova/compute-samples';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud, 'h1', 'h2', 'h3');

beforeEach(() => moves.conductors());

const image = anImage();
async function asked() {
  const server = await moves.server();
  const changes = { display_name: 'anew', image_ref: image.id };
  await moves.ask(server, 'rebuildElsewhere', { ...unplaced(), image, admin_password: 'x', preserve_ephemeral: false, changes });
  return server;
}

describe('a rebuild elsewhere', () => {
  it('goes to another host, which the image is scheduled for, and leaves nothing on its own', async () => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'prep_rebuild_elsewhere');
    expect(cloud.scheduler.asked).toMatchObject([{ request_spec: { image: { id: image.id }, ignore_hosts: ['h1'] } }]);
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: held('h1') });
    await moves.taken(server.uuid, 'h1', 'leave_for_rebuild');
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h1', display_name: server.display_name });
    await moves.agent(server.uuid, 'h1', 'leave_for_rebuild');
    await moves.taken(server.uuid, 'h2', 'finish_rebuild_elsewhere');
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h2', display_name: 'anew', image_ref: image.id });
    await moves.agent(server.uuid, 'h2', 'finish_rebuild_elsewhere', { power_state: 1 });
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      host: 'h2',
      node: 'h2',
      compute_node_uuid: nodeUuidOf('h2'),
    });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: {} });
    expect(await moves.migration(server.uuid)).toMatchObject({
      status: 'completed',
      migration_type: 'evacuation',
      dest_compute: 'h2',
    });
    expect((await moves.actions(server.uuid))[0]).toEqual({ action: 'rebuild', message: null, ended: true });
  });

  it('that no other host does for leaves the server as it was', async () => {
    cloud.scheduler.hosts = [['h1', cloud.cells.cell1.uuid]];
    const server = await asked();
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      host: 'h1',
      display_name: server.display_name,
      image_ref: server.image_ref,
    });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h1'), migration: {} });
  });

  it('whose host does not take it after all goes to the next, and back to none when there is none', async () => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'prep_rebuild_elsewhere', {}, true);
    await moves.agent(server.uuid, 'h3', 'prep_rebuild_elsewhere', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', host: 'h1', display_name: server.display_name });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h1'), migration: {} });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'failed' });
  });
});
