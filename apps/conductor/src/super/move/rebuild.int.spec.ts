import { RequestSpecRepository } from '@kilonova/api-db';
import { type Instance, unplaced } from '@kilonova/compute-objects';
import { anImage, aSelection } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud);

beforeEach(() => moves.conductors());

const image = anImage();
const CHANGES = { display_name: 'anew', image_ref: image.id, user_data: 'YQ==', key_name: 'other', metadata: { a: 'b' } };
const FIELDS = ['display_name', 'image_ref', 'user_data', 'key_name', 'metadata', 'system_metadata'] as const;
const kept = (server: Instance) => Object.fromEntries(FIELDS.map((name) => [name, server[name]]));
const claim = async (uuid: string) => (await cloud.placement.allocationsOf(moves.ctx, uuid)).allocations;
const imageOfSpec = async (uuid: string) => (await new RequestSpecRepository().find(cloud.api, uuid))?.image?.id ?? null;

async function asked(vmState: Instance['vm_state'] = 'active'): Promise<Instance> {
  const { uuid } = await moves.server();
  await rows(cloud.cell1, 'UPDATE instances SET vm_state = $2 WHERE uuid = $1', [uuid, vmState]);
  const server = await moves.instance(uuid);
  await moves.ask(server, 'rebuild', {
    ...unplaced(),
    image,
    admin_password: 'x',
    preserve_ephemeral: false,
    changes: CHANGES,
  });
  return server;
}

describe('S2-5: a rebuild', () => {
  it.each(['active', 'stopped', 'error'] as const)(
    'that its host does not do for leaves a server that is %s as it was, in every field',
    async (vmState) => {
      cloud.scheduler.answer = () => ({ outcome: 'no-valid-host', reason: 'The image asks for more.', verdicts: [] });
      const before = await imageOfSpec((await moves.server()).uuid);
      const server = await asked(vmState);
      const after = await moves.ended(server.uuid);
      expect(kept(after)).toEqual(kept(server));
      expect(after).toMatchObject({
        vm_state: vmState,
        task_state: null,
        host: 'h1',
        fault: { message: 'No valid host was found. The image asks for more.' },
      });
      expect([await claim(server.uuid), await imageOfSpec(server.uuid)]).toEqual([held('h1'), before]);
      expect((await moves.actions(server.uuid))[0]).toEqual({ action: 'rebuild', message: 'Error', ended: true });
    },
  );

  it('changes the server once its host has taken it on, and not before; its claim stays', async () => {
    cloud.scheduler.answer = () => ({ outcome: 'selected', selections: [[aSelection('h1', cloud.cells.cell1.uuid)]] });
    const server = await asked();
    await eventually(async () => expect(await moves.row(server.uuid)).toMatchObject({ state: 'sent', host: 'h1' }));
    expect(kept(await moves.instance(server.uuid))).toEqual(kept(server));
    await moves.taken(server.uuid, 'h1', 'rebuild_instance');
    expect(await moves.instance(server.uuid)).toMatchObject(CHANGES);
    expect(await claim(server.uuid)).toEqual(held('h1'));
    await moves.agent(server.uuid, 'h1', 'rebuild_instance', { power_state: 1 });
    expect(await moves.ended(server.uuid)).toMatchObject({ ...CHANGES, vm_state: 'active', task_state: null, host: 'h1' });
    expect(await imageOfSpec(server.uuid)).toBe(image.id);
  });
});
