import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { expect } from 'vitest';
import { STEPS } from '../handlers.js';
import type { ManagedHost } from '../host/managed-host.js';
import { RunningSteps } from '../operation/running-steps.js';
import { StepRunner } from '../operation/step-runner.service.js';
import { type FakeCell, onlyHost } from './fake-cell.js';
import { NotedImages } from './noted-images.js';

const log = { info: () => undefined, warn: () => undefined };

/** Begins the cell's operation on host `h`, with every step that agents know. */
export async function beginSteps(host: ManagedHost, cell: FakeCell, images = new NotedImages()): Promise<RunningSteps> {
  const running = new RunningSteps();
  const runner = new StepRunner(onlyHost(host), cell.conductor, running, { concurrency: 2, drainMs: 0, log: log as never });
  for (const Step of STEPS) new Step(runner, images);
  await runner.begin(systemCtx(), 'h', cell.operation?.ref as never);
  return running;
}

/** Until no step is left and the cell knows how the operation ended. */
export const stepsEnded = (running: RunningSteps, cell: FakeCell): Promise<void> =>
  eventually(() => expect([running.size, cell.operation?.ended?.outcome]).toEqual([0, 'finished']));

/** Runs the cell's operation to its end on host `h`. */
export const runSteps = async (host: ManagedHost, cell: FakeCell, images?: NotedImages): Promise<void> =>
  stepsEnded(await beginSteps(host, cell, images), cell);
