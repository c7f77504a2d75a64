import { PowerState } from '@kilonova/compute-objects';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import { STEPS } from '../handlers.js';
import type { ManagedHost } from '../host/managed-host.js';
import { FakeCell, managedHost, onlyHost } from '../spec-support/fake-cell.js';
import { NotedImages } from '../spec-support/noted-images.js';
import { RunningSteps } from './running-steps.js';
import { StepRunner } from './step-runner.service.js';

const ctx = systemCtx();
const silent = { info: () => undefined, warn: () => undefined };
let events: string[];
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let running: RunningSteps;
const images = new NotedImages();

/** An agent of host `h` that has just started on its hypervisor. */
function agentOf(cell: FakeCell): StepRunner {
  running = new RunningSteps();
  const runner = new StepRunner(onlyHost(host), cell.conductor, running, { concurrency: 2, drainMs: 0, log: silent as never });
  for (const Step of STEPS) new Step(runner, images);
  return runner;
}

/** Runs the cell's operation to its end. */
async function run(cell: FakeCell, runner = agentOf(cell)): Promise<void> {
  if (cell.operation === undefined) throw new Error('no operation');
  await runner.begin(ctx, 'h', cell.operation.ref);
  await eventually(() => expect(running.size).toBe(0));
}

beforeEach(() => {
  events = [];
  behaviour = {};
  host = managedHost(events, () => behaviour);
});

describe('a build', () => {
  it('takes two calls and notifies every state in order', async () => {
    const cell = new FakeCell('build');
    await run(cell);
    expect(cell.asked).toEqual(['take_step', 'finish_step']);
    expect(cell.instance).toMatchObject({ vm_state: 'active', task_state: null, power_state: PowerState.RUNNING });
    const updates = Array.from({ length: 3 }, () => 'instance.update');
    expect(events).toEqual(['instance.update', 'instance.create.start', ...updates, 'instance.update', 'instance.create.end']);
    expect([host.driver.guests(), [...host.instances.keys()]]).toEqual([[cell.instance.uuid], [cell.instance.uuid]]);
  });

  it('is acknowledged as soon as it is taken, and beats while it lasts', async () => {
    behaviour = { spawnDelayMs: 60_000 };
    const cell = new FakeCell('build');
    const runner = agentOf(cell);
    await runner.begin(ctx, 'h', cell.operation?.ref as never);
    expect(cell.asked).toEqual(['take_step']);
    expect(running.beats()).toEqual([cell.operation?.ref]);
    await runner.begin(ctx, 'h', cell.operation?.ref as never);
    expect(cell.asked).toEqual(['take_step']);
    running.abort([cell.operation?.ref.operation_uuid ?? ''], 'test');
    await eventually(() => expect(running.size).toBe(0));
  });

  it('that fails leaves no guest and says so, without naming the host to tenants', async () => {
    behaviour = { brokenHosts: ['h'] };
    const cell = new FakeCell('build');
    await run(cell);
    expect(cell.finished).toMatchObject([{ updates: {}, fault: { code: 500, message: 'Error', host: 'h' } }]);
    expect(cell.finished[0]?.fault?.details).toContain('set to fail');
    expect([host.driver.guests(), host.failedBuilds, events.at(-1)]).toEqual([[], 1, 'instance.create.error']);
  });

  it('makes way for a delete, which destroys what it had made', async () => {
    behaviour = { spawnDelayMs: 60_000 };
    const cell = new FakeCell('build');
    const runner = agentOf(cell);
    await runner.begin(ctx, 'h', cell.operation?.ref as never);
    cell.begin('delete');
    await run(cell, runner);
    expect([cell.instance.vm_state, host.driver.guests(), host.instances.size]).toEqual(['deleted', [], 0]);
    expect(events.slice(-2)).toEqual(['instance.update', 'instance.delete.end']);
  });

  it('that belongs to another host by the time it ends leaves no guest here', async () => {
    const cell = new FakeCell('build');
    cell.fails = (method) => {
      if (method === 'finish_step') {
        cell.operation = undefined;
        cell.onHost = false;
      }
      return undefined;
    };
    await run(cell);
    expect([host.driver.guests(), host.instances.size]).toEqual([[], 0]);
    expect(events).not.toContain('instance.create.end');
  });

  it('keeps its guest when an administrator has set the state meanwhile', async () => {
    const cell = new FakeCell('build');
    cell.fails = (method) => {
      if (method === 'finish_step') cell.operation = undefined;
      return undefined;
    };
    await run(cell);
    expect(host.driver.guests()).toEqual([cell.instance.uuid]);
  });
});

describe('an agent whose conductor is away', () => {
  it('does not take the step, and says so, for the message to come again', async () => {
    const cell = new FakeCell('build');
    cell.fails = () => 'request';
    const runner = agentOf(cell);
    await expect(runner.begin(ctx, 'h', cell.operation?.ref as never)).rejects.toMatchObject({ code: 'test.away' });
    expect([running.size, host.driver.guests()]).toEqual([0, []]);
  });

  it.each(['request', 'response'] as const)('tells the end again when the %s was lost, and keeps the guest', async (what) => {
    const cell = new FakeCell('build');
    let lost = 0;
    cell.fails = (method) => (method === 'finish_step' && lost++ < 2 ? what : undefined);
    await run(cell);
    expect([cell.finished.length, cell.instance.vm_state, host.driver.guests().length]).toEqual([1, 'active', 1]);
    expect(events.filter((event) => event === 'instance.create.end')).toHaveLength(1);
  });
});

describe('an agent that starts again', () => {
  it('does the step once more from its beginning, without passing the states again', async () => {
    behaviour = { spawnDelayMs: 60_000 };
    const cell = new FakeCell('build');
    const first = agentOf(cell);
    await first.begin(ctx, 'h', cell.operation?.ref as never);
    await first.onModuleDestroy();
    behaviour = {};
    events.length = 0;
    await run(cell);
    expect([cell.instance.vm_state, host.driver.guests()]).toEqual(['active', [cell.instance.uuid]]);
    expect(events).toEqual(['instance.create.start', 'instance.update', 'instance.create.end']);
  });

  it('notifies the end of a step that it had finished, and that it has', async () => {
    const cell = new FakeCell('build');
    await run(cell);
    events.length = 0;
    await run(cell);
    expect(events).toEqual(['instance.update', 'instance.create.end']);
    await eventually(() => expect(running.takeNotified().refs).toEqual([cell.operation?.ref]));
  });
});

describe('power', () => {
  const active = { vm_state: 'active', host: 'h', launched_at: '2026-01-31T10:00:00Z' } as const;

  it('is switched off and on, each with its events', async () => {
    const cell = new FakeCell('build');
    await run(cell);
    const stop = new FakeCell('stop', { ...active, uuid: cell.instance.uuid, task_state: 'powering-off' });
    events.length = 0;
    await run(stop);
    expect([stop.instance.vm_state, host.driver.powerState(stop.instance.uuid)]).toEqual(['stopped', PowerState.SHUTDOWN]);
    expect(events).toEqual(['instance.power_off.start', 'instance.update', 'instance.power_off.end']);
    const start = new FakeCell('start', { ...active, uuid: cell.instance.uuid, vm_state: 'stopped', task_state: 'powering-on' });
    await run(start);
    expect([start.instance.vm_state, host.driver.powerState(start.instance.uuid)]).toEqual(['active', PowerState.RUNNING]);
  });

  it('of a guest that is not there fails, and the server is as it was', async () => {
    const stop = new FakeCell('stop', { ...active, task_state: 'powering-off' });
    await run(stop);
    expect(stop.instance).toMatchObject({ vm_state: 'active', task_state: null, fault: { code: 500 } });
    expect(events).toEqual(['instance.power_off.start', 'instance.update']);
  });
});

describe('a reboot', () => {
  const active = { vm_state: 'active', host: 'h', launched_at: '2026-01-31T10:00:00Z' } as const;

  it('notifies its task states in order', async () => {
    const cell = new FakeCell('build');
    await run(cell);
    events.length = 0;
    const soft = new FakeCell('rebootSoft', { ...active, uuid: cell.instance.uuid, task_state: 'rebooting' });
    await run(soft);
    expect(soft.instance).toMatchObject({ vm_state: 'active', task_state: null });
    const updates = Array.from({ length: 3 }, () => 'instance.update');
    expect(events).toEqual(['instance.reboot.start', ...updates, 'instance.reboot.end']);
  });

  it('that fails says whether the guest runs all the same, and is notified', async () => {
    const cell = new FakeCell('build');
    await run(cell);
    behaviour = { failing: ['h:reboot'] };
    const hard = new FakeCell('rebootHard', { ...active, uuid: cell.instance.uuid, task_state: 'rebooting_hard' });
    await run(hard);
    expect(hard.finished).toMatchObject([{ updates: { power_state: PowerState.RUNNING }, fault: { code: 500 } }]);
    expect(events.at(-1)).toBe('instance.reboot.error');
  });
});

it('works on so many steps of a host at once; the others are taken, beat, and wait', async () => {
  behaviour = { spawnDelayMs: 60_000 };
  const cells = [new FakeCell('build'), new FakeCell('build'), new FakeCell('build')];
  const all = {
    call: (c: never, m: never, a: { instance_uuid: string }) =>
      cells.find((cell) => cell.instance.uuid === a.instance_uuid)?.conductor.call(c, m, a as never),
  };
  running = new RunningSteps();
  const runner = new StepRunner(onlyHost(host), all as never, running, { concurrency: 2, drainMs: 0, log: silent as never });
  for (const Step of STEPS) new Step(runner, images);
  for (const cell of cells) await runner.begin(ctx, 'h', cell.operation?.ref as never);
  expect([running.beats().length, host.instances.size]).toEqual([3, 2]);
  await runner.onModuleDestroy();
  await eventually(() => expect(running.size).toBe(0));
});
