import { randomUUID } from 'node:crypto';
import { type Instance, messages } from '@kilonova/compute-objects';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud);

async function asked(): Promise<Instance> {
  const server = await moves.server();
  await moves.ask(server, 'shelve', { subject: { image_id: randomUUID() }, disk_format: 'raw' } as never);
  return server;
}

describe('a shelve', () => {
  it('is followed by the offload in the same moment, whoever asks for its end again', async () => {
    await cloud.conductor('cell', { 'conductor.shelvedOffloadSeconds': '0' });
    const server = await asked();
    const step = await moves.taken(server.uuid, 'h1', 'shelve_instance');
    const offloading = { outcome: 'finished', instance: { vm_state: 'shelved', task_state: 'shelving_offloading' } };
    expect(await moves.agent(server.uuid, 'h1', 'shelve_instance')).toMatchObject(offloading);
    expect(await moves.row(server.uuid)).toMatchObject({ name: 'shelveOffload', step: 'shelve_offload_instance' });
    const again = moves.bus().call(systemCtx(), messages.finishStep, { topic: 'conductor' }, { ...step, updates: {} });
    expect(await again).toMatchObject(offloading);
    expect(await moves.row(server.uuid)).toMatchObject({ name: 'shelveOffload', state: 'sent' });
  });

  it('that fails is followed by none', async () => {
    await cloud.conductor('cell', { 'conductor.shelvedOffloadSeconds': '0' });
    const server = await asked();
    await moves.agent(server.uuid, 'h1', 'shelve_instance', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', task_state: null });
  });

  it('is followed by none where shelved servers stay', async () => {
    await cloud.conductor('cell', { 'conductor.shelvedOffloadSeconds': '-1' });
    const server = await asked();
    await moves.agent(server.uuid, 'h1', 'shelve_instance');
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'shelved', task_state: null, host: 'h1' });
  });
});
