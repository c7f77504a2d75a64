import { PowerState } from '@kilonova/compute-objects';
import { eventually } from '@kilonova/testing';
import { AppError, systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import { STEPS } from '../handlers.js';
import type { ManagedHost } from '../host/managed-host.js';
import { RunningSteps } from '../operation/running-steps.js';
import { StepRunner } from '../operation/step-runner.service.js';
import { FakeCell, managedHost, onlyHost } from '../spec-support/fake-cell.js';
import { NotedImages } from '../spec-support/noted-images.js';

const ctx = systemCtx();
const silent = { info: () => undefined, warn: () => undefined };
let events: string[];
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let images: NotedImages;
let running: RunningSteps;
let cell: FakeCell;
let runner: StepRunner;

beforeEach(async () => {
  events = [];
  behaviour = { snapshotBytes: 300_000 };
  host = managedHost(events, () => behaviour);
  images = new NotedImages();
  running = new RunningSteps();
  cell = new FakeCell('createImage', { vm_state: 'active', task_state: 'image_snapshot_pending', host: 'h' });
  runner = new StepRunner(onlyHost(host), cell.conductor, running, { concurrency: 2, drainMs: 0, log: silent as never });
  for (const Step of STEPS) new Step(runner, images);
  await host.driver.spawn({ instance: cell.instance, image: null, admin_password: null }, new AbortController().signal);
});

async function run(): Promise<void> {
  await runner.begin(ctx, 'h', cell.operation?.ref as never);
  await eventually(() => expect(running.size).toBe(0));
}

describe('a snapshot', () => {
  it('passes its states and fills the image; the guest goes on', async () => {
    await run();
    expect(cell.asked).toEqual(['take_step', 'advance_step', 'advance_step', 'finish_step']);
    expect(images.bytes).toEqual(new Map([['image-1', 300_000]]));
    expect(cell.instance).toMatchObject({ vm_state: 'active', task_state: null, fault: null });
    expect(host.driver.powerState(cell.instance.uuid)).toBe(PowerState.RUNNING);
    const update = 'instance.update';
    expect(events).toEqual([update, 'instance.snapshot.start', update, update, update, 'instance.snapshot.end']);
  });

  it('of which the upload breaks off leaves the server as it was, with the fault', async () => {
    images.failure = new AppError({ kind: 'dependency', code: 'image.unavailable', message: 'The image service is away.' });
    await run();
    expect(cell.finished).toMatchObject([{ fault: { message: 'The image service is away.' } }]);
    expect(cell.instance).toMatchObject({ vm_state: 'active', task_state: null });
    expect(host.driver.guests()).toEqual([cell.instance.uuid]);
  });

  it('whose image somebody has deleted ends without a fault', async () => {
    images.gone.add('image-1');
    await run();
    expect(cell.finished).toMatchObject([{ updates: {} }]);
    expect(cell.finished[0]?.fault).toBeUndefined();
  });

  it('stops when the server is deleted meanwhile', async () => {
    behaviour = { snapshotBytes: 1_000_000_000_000 };
    images.onPiece = () => running.abort([cell.operation?.ref.operation_uuid ?? ''], 'deleted');
    await run();
    expect([images.bytes.size, cell.finished[0]?.fault?.message]).toEqual([0, 'StaleStepError']);
  });
});
