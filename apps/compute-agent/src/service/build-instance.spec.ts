import { MemoryPlacement } from '@kilonova/placement-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMessage, ctx, FakeCell, managedHost, newInstance } from '../testing/fake-cell.js';
import { BuildInstance } from './build-instance.service.js';
import { InstanceLocks } from './instance-locks.js';
import { TerminateInstance } from './terminate-instance.service.js';

let cell: FakeCell;
let placement: MemoryPlacement;
let events: string[];
let build: BuildInstance;
let terminate: TerminateInstance;
const { uuid } = newInstance();

beforeEach(() => {
  cell = new FakeCell();
  placement = new MemoryPlacement();
  events = [];
  const locks = new InstanceLocks();
  build = new BuildInstance(cell.conductor, placement, locks, { info: () => undefined, warn: () => undefined });
  terminate = new TerminateInstance(cell.conductor, placement, locks);
});

describe('a build', () => {
  it('walks the states, tells of each, and ends active', async () => {
    const host = managedHost(events);
    await build.run(ctx, host, buildMessage());
    expect(cell.instance).toMatchObject({ vm_state: 'active', task_state: null, power_state: 1 });
    expect(events).toEqual([
      'instance.update',
      'instance.create.start',
      ...new Array<string>(4).fill('instance.update'),
      'instance.create.end',
    ]);
    expect(host.driver.guests()).toEqual([uuid]);
  });

  it('told again when it is done makes nothing and tells of the end once more', async () => {
    cell.begin = { outcome: 'done', instance: { ...newInstance(), vm_state: 'active', task_state: null } };
    const host = managedHost(events);
    await build.run(ctx, host, buildMessage());
    expect([host.driver.guests(), events]).toEqual([[], ['instance.create.end']]);
  });

  it.each([
    ['begin_build', 1],
    ['update_instance', 1],
    ['update_instance', 3],
    ['update_instance', 4],
    ['action_event_start', 1],
    ['action_event_finish', 1],
  ])('whose answer to %s (%i.) is lost is told again, and ends as if nothing had been', async (method, nth) => {
    let left = nth;
    cell.lost = (asked) => asked === method && --left === 0;
    const host = managedHost(events);
    await expect(build.run(ctx, host, buildMessage())).rejects.toMatchObject({ code: 'test.answer_lost' });
    await build.run(ctx, host, buildMessage());
    expect(cell.instance).toMatchObject({ vm_state: 'active', task_state: null, host: 'h' });
    expect([host.driver.guests(), cell.handedBack, host.failedBuilds]).toEqual([[uuid], [], 0]);
    expect(cell.asked.at(-1)).toBe('action_event_finish');
    expect(events.at(-1)).toBe('instance.create.end');
  });

  it('overtaken by a delete leaves nothing on the host and is not tried elsewhere', async () => {
    cell.before = (updates) => {
      if (updates.task_state === 'spawning' && cell.instance !== null)
        cell.instance = { ...cell.instance, task_state: 'deleting' };
    };
    const host = managedHost(events);
    await build.run(ctx, host, buildMessage());
    expect(host.driver.guests()).toEqual([]);
    expect(cell.handedBack).toEqual([]);
  });

  it('that fails to spawn is handed back with its alternates', async () => {
    const host = managedHost(events, true);
    await build.run(ctx, host, buildMessage({ build_attempt: 2 }));
    expect(cell.handedBack).toMatchObject([{ failed_host: 'h', build_attempt: 2, reason: { code: 500 } }]);
    expect(events).toContain('instance.create.error');
    expect(host.failedBuilds).toBe(1);
  });

  it('that breaks the policy of its group frees its claim before it ends in error', async () => {
    cell.begin = {
      outcome: 'group-violated',
      instance: newInstance(),
      message: 'Anti-affinity instance group policy was violated',
    };
    await build.run(ctx, managedHost(events), buildMessage());
    expect(placement.released).toEqual([uuid]);
    expect(cell.instance).toMatchObject({ vm_state: 'error', host: null });
  });
});

describe('a delete', () => {
  it('removes guest, claim and row, and tells of it in order', async () => {
    const host = managedHost(events);
    await build.run(ctx, host, buildMessage());
    events.length = 0;
    await terminate.run(ctx, host, uuid);
    expect([host.driver.guests(), placement.released, cell.instance]).toEqual([[], [uuid], null]);
    expect(events).toEqual([
      'instance.delete.start',
      'instance.shutdown.start',
      'instance.shutdown.end',
      'instance.update',
      'instance.delete.end',
    ]);
  });

  it('of what is gone still clears the host', async () => {
    const host = managedHost(events);
    await build.run(ctx, host, buildMessage());
    cell.instance = null;
    await terminate.run(ctx, host, uuid);
    expect([host.driver.guests(), placement.released]).toEqual([[], [uuid]]);
  });

  it('waits for the build that is under way', async () => {
    const host = managedHost(events);
    await Promise.all([build.run(ctx, host, buildMessage()), terminate.run(ctx, host, uuid)]);
    expect([host.driver.guests(), cell.instance]).toEqual([[], null]);
  });
});
