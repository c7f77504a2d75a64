import { type OperationName, PowerState, type VmState } from '@kilonova/compute-objects';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { FakeCell, managedHost } from '../spec-support/fake-cell.js';
import { NotedImages } from '../spec-support/noted-images.js';
import { runSteps } from '../spec-support/run-steps.js';

let events: string[];
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let images: NotedImages;

beforeEach(() => {
  events = [];
  behaviour = {};
  host = managedHost(events, () => behaviour);
  images = new NotedImages();
});

/** Runs an operation on a server in this state to its end. `there`: its guest exists. */
async function run(operation: OperationName, vm_state: VmState, there = true): Promise<FakeCell> {
  const power_state = vm_state === 'active' ? PowerState.RUNNING : PowerState.SHUTDOWN;
  const cell = new FakeCell(operation, { vm_state, task_state: null, host: 'h', power_state });
  const never = new AbortController().signal;
  if (there) {
    await host.driver.spawn({ instance: cell.instance, image: null, admin_password: null }, never);
    if (power_state === PowerState.SHUTDOWN) await host.driver.powerOff(cell.instance.uuid, 0, never);
  }
  events.length = 0;
  await runSteps(host, cell, images);
  return cell;
}
const powerOf = ({ instance }: FakeCell) => host.driver.powerState(instance.uuid);

describe('a shelve', () => {
  it('stops the guest, keeps its image, and says where and when', async () => {
    const cell = await run('shelve', 'active');
    expect([powerOf(cell), [...images.bytes.keys()]]).toEqual([PowerState.SHUTDOWN, ['image-1']]);
    expect(cell.finished[0]?.updates).toMatchObject({
      power_state: PowerState.SHUTDOWN,
      system_metadata: { shelved_image_id: 'image-1', shelved_host: 'h', shelved_at: expect.stringContaining('T') },
    });
    expect(cell.instance.vm_state).toBe('shelved');
    expect(events.filter((event) => event !== 'instance.update')).toEqual([
      'instance.exists',
      'instance.shelve.start',
      'instance.shelve.end',
    ]);
  });

  it.each([
    ['active', PowerState.RUNNING],
    ['stopped', PowerState.SHUTDOWN],
  ] as const)('that fails leaves a server that was %s as it was, its guest too', async (state, power) => {
    images.failure = new Error('full');
    const cell = await run('shelve', state);
    expect([cell.instance.vm_state, powerOf(cell)]).toEqual([state, power]);
  });

  it('is followed by the removal of the guest, and by its return', async () => {
    const gone = await run('shelveOffload', 'shelved');
    expect([gone.instance.vm_state, host.driver.guests()]).toEqual(['shelved_offloaded', []]);
    const back = await run('unshelve', 'shelved_offloaded', false);
    expect([back.instance.vm_state, powerOf(back)]).toEqual(['active', PowerState.RUNNING]);
    const started = await run('startShelved', 'shelved');
    expect([started.instance.vm_state, powerOf(started)]).toEqual(['active', PowerState.RUNNING]);
  });

  it('taken back on a host that fails leaves no guest there', async () => {
    behaviour = { failing: ['h:spawn'] };
    await run('unshelve', 'shelved_offloaded', false);
    expect(host.driver.guests()).toEqual([]);
  });
});

describe('a rebuild', () => {
  it.each([
    ['active', PowerState.RUNNING],
    ['stopped', PowerState.SHUTDOWN],
    ['error', PowerState.RUNNING],
  ] as const)('makes the guest anew; one that was %s is in power state %i then', async (state, power) => {
    const cell = await run('rebuild', state);
    expect([powerOf(cell), cell.finished[0]?.updates.power_state]).toEqual([power, power]);
    expect(cell.asked).toEqual(['take_step', 'advance_step', 'advance_step', 'finish_step']);
    expect(events.filter((event) => event !== 'instance.update')).toEqual([
      'instance.exists',
      'instance.rebuild.start',
      'instance.rebuild.end',
    ]);
  });

  it('that fails is told', async () => {
    behaviour = { failing: ['h:rebuild'] };
    const cell = await run('rebuild', 'active');
    expect([cell.finished[0]?.fault?.message, events.at(-1)]).toEqual(['Error', 'instance.rebuild.error']);
  });
});
