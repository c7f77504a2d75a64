import { InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import { type Instance, messages } from '@kilonova/compute-objects';
import { anInstance, aVif } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';

const cloud = useCloud();
const instances = new InstanceRepository();
let bus: MessageBus;
beforeEach(async () => {
  await cloud.conductor('cell');
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
});
afterEach(() => bus.close());

const stored = async (uuid: string): Promise<Instance> => (await instances.find(cloud.cell1, uuid)) as Instance;

async function server(): Promise<Instance> {
  const now = new Date().toISOString();
  const instance = anInstance({ vm_state: 'active', task_state: null, host: 'h1', node: 'h1', launched_at: now });
  await instances.insertMany(cloud.cell1, [instance]);
  return stored(instance.uuid);
}

const tell = ({ uuid, updated_at }: Instance, port_state: string, host = 'h1') =>
  bus.call(
    systemCtx(),
    messages.refreshNetworkInfo,
    { topic: 'conductor' },
    { host, instances: [{ instance_uuid: uuid, updated_at, network_info: [aVif({ port_state })] }] },
  );
const stateOf = async ({ uuid }: Instance) => (await stored(uuid)).network_info.map(({ port_state }) => port_state);

describe('interfaces as the network service has them', () => {
  it('are remembered where they are not what they were', async () => {
    const before = await server();
    expect([await tell(before, 'ACTIVE'), await stateOf(before)]).toEqual([{ changed: 1 }, ['ACTIVE']]);
    expect(await tell(await stored(before.uuid), 'ACTIVE')).toEqual({ changed: 0 });
  });

  it('are not judged by what was seen before something else was stored, or by another host', async () => {
    const seen = await server();
    await tell(seen, 'ACTIVE');
    expect([await tell(seen, 'DOWN'), await stateOf(seen)]).toEqual([{ changed: 0 }, ['ACTIVE']]);
    expect(await tell(await stored(seen.uuid), 'DOWN', 'h2')).toEqual({ changed: 0 });
  });

  it('are left alone while something is done to the server', async () => {
    const before = await server();
    const args = { subject: { port_id: aVif().port_id }, preserve: false, tag: null };
    await new OperationRepository().accept(cloud.cell1, systemCtx(), 'attachInterface', before, args);
    const busy = await stored(before.uuid);
    expect([await tell(busy, 'DOWN'), await stateOf(busy)]).toEqual([{ changed: 0 }, []]);
  });
});
