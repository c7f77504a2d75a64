import {
  type FinishStep,
  type FinishStepResult,
  type Flavor,
  messages,
  operationRule,
  type PlacedArguments,
  type StepName,
  type StepRef,
  type StepUpdates,
  stepPlace,
  stepRule,
  type TakeStepResult,
  type Transfer,
} from '@kilonova/compute-objects';
import { type Logger, logFields } from '@kilonova/observability';
import { AppError, backoffMs, type Ctx, KeyedGate, pause } from '@kilonova/util';
import type { GuestMove } from '@kilonova/virt';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { keepInstance, type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { stepFault } from '../model/step-fault.js';
import { type RunningStep, RunningSteps, StaleStepError } from './running-steps.js';
import type { Step, StepWork, TransferLimit } from './step.js';
import { StepEvents } from './step-events.js';

type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;

export abstract class StepRunnerOptions {
  /** Steps that one host works on at once; the others are taken, and wait. */
  abstract readonly concurrency: number;
  /** How long an ending agent waits for what runs, milliseconds; the rest is aborted, and resumed at the next start. */
  abstract readonly drainMs: number;
  abstract readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Left out: live migrations may take as long as they do. */
  readonly transferLimit?: TransferLimit;
  readonly now?: () => Date;
}

/** What is stored of the guest when the step failed: where the table asks for it, whether it runs all the same. */
const foundOf = ({ driver, instance }: StepWork, step: StepName): StepUpdates =>
  stepRule(step).onFailure === 'error-unless-running' ? { power_state: driver.powerState(instance.uuid) } : {};

/** Steps that bring a server to a host. */
const arrives = ({ name }: Step): boolean => stepRule(name).arrival !== undefined;

/** What the server will have where it arrives. */
const flavorOf = ({ instance, arguments: args }: StepWork): Flavor =>
  (args as Partial<PlacedArguments>).flavor ?? instance.flavor;

/** A step of a move is told of it. @throws TypeError when it was not */
function guestMove({ instance, migration }: Taken): GuestMove {
  if (migration === null) throw new TypeError('the step is part of no move');
  return { instance, migration };
}

/** How much of a guest has gone over. */
const percentOf = ({ memory_total, memory_processed, disk_total, disk_processed }: Transfer): number =>
  Math.floor((100 * (memory_processed + disk_processed)) / Math.max(1, memory_total + disk_total));

/** Pauses between tries to store the end of a step, until it is stored or found to be stale. */
const STORE_RETRY = { baseMs: 200, capMs: 15_000 };
/** A queue of an instance, or of a host, holds what the cell has accepted for it: no bound of its own, and no limit of time. */
const NO_LIMIT = { queue: 1_000_000, waitMs: 0x7fffffff };

/**
 * Does every step in the same way: takes it (from then on the message is acknowledged, and the operation's row the
 * truth), notifies, has the step's class do the work, stores the end and notifies it. One step of an instance at a time, in
 * order of arrival. A step that was interrupted by a crash is resumed at the next start, or sent again.
 */
@Injectable()
export class StepRunner implements OnModuleDestroy {
  readonly #steps = new Map<string, Step>();
  readonly #instances = new KeyedGate({ concurrency: 1, ...NO_LIMIT }, 'steps of one instance');
  readonly #hosts: KeyedGate;
  readonly #under = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    private readonly hosts: ManagedHosts,
    private readonly conductor: CellConductor,
    private readonly running: RunningSteps,
    private readonly options: StepRunnerOptions,
  ) {
    this.#hosts = new KeyedGate({ concurrency: options.concurrency, ...NO_LIMIT }, 'steps of one host');
  }

  register(step: Step): void {
    this.#steps.set(step.name, step);
  }

  /** Resolves once the step is taken, or found to be nobody's. @throws AppError when that could not be found out */
  begin(ctx: Ctx, hostName: string, ref: StepRef): Promise<void> {
    if (this.running.has(ref)) return Promise.resolve();
    const host = this.hosts.get(hostName);
    if (operationRule(stepPlace(ref.step).operation).preempts) this.running.abortOthers(ref.instance_uuid, ref.operation_uuid);
    return new Promise((taken, failed) => {
      const under = this.#instances
        .run(ref.instance_uuid, async () => {
          const result = await this.conductor.call(ctx, messages.takeStep, { ...ref, host: hostName });
          taken();
          await this.#follow(ctx, host, ref, result);
        })
        .catch(failed)
        .finally(() => this.#under.delete(under));
      this.#under.add(under);
    });
  }

  async onModuleDestroy(): Promise<void> {
    const idle = Promise.allSettled([...this.#under]);
    const timer = new AbortController();
    await Promise.race([idle.then(() => timer.abort()), pause(this.options.drainMs, timer.signal).catch(() => undefined)]);
    this.#stopping.abort(new Error('the agent is closing'));
  }

  async #follow(ctx: Ctx, host: ManagedHost, ref: StepRef, result: TakeStepResult): Promise<void> {
    if (result.outcome === 'stale') return;
    const events = new StepEvents(ctx, host.notifier, stepPlace(ref.step).rule);
    if (result.outcome === 'finished') {
      events.finished(result);
      await events.sent();
      return this.running.notified(ref);
    }
    const running = this.running.begin(ref, host.host);
    try {
      await this.#hosts.run(host.host, () => this.#do(ctx, host, running, result, events));
    } catch (error) {
      // Not the step's failure, which is stored: it is left to the next start, or to whoever sends it again.
      const fields = { ...logFields(ctx), err: error, instance: ref.instance_uuid, host: host.host, step: ref.step };
      this.options.log.warn(fields, 'a step was interrupted');
    } finally {
      this.running.end(ref);
    }
  }

  async #do(ctx: Ctx, host: ManagedHost, running: RunningStep, taken: Taken, events: StepEvents): Promise<void> {
    const step = this.#step(running.ref.step);
    const work = this.#work(ctx, host, running, taken, events);
    host.instances.set(taken.instance.uuid, taken.instance);
    events.taken(taken);
    const end = await this.#outcome(step, work, () => host.devices.forStep(ctx, running.ref, taken, work.signal));
    this.#stopping.signal.throwIfAborted();
    if (end.fault === undefined) events.worked(work.instance);
    const undone = end.fault === undefined ? {} : await this.#failed(ctx, host, step, work, end.error);
    const updates = { ...end.updates, ...undone };
    const result = await this.#store(ctx, { ...running.ref, host: host.host, updates, fault: end.fault });
    if (result.outcome === 'stale') return this.#stale(ctx, host, step, work, result.on_host);
    keepInstance(host, result.instance);
    events.finished(result);
    await events.sent();
    this.running.notified(running.ref);
  }

  async #outcome(
    step: Step,
    work: StepWork,
    equip: () => Promise<StepWork['devices']>,
  ): Promise<{ updates: StepUpdates; fault?: FinishStep['fault']; error?: unknown }> {
    try {
      if (arrives(step)) await work.host.hardware.claim(work.instance, flavorOf(work), work.host.instances);
      return { updates: await step.run({ ...work, devices: await equip() }) };
    } catch (error) {
      if (arrives(step)) await work.host.hardware.drop(work.instance.uuid);
      return {
        updates: foundOf(work, step.name),
        fault: stepFault(error, work.host.host, this.options.now?.() ?? new Date()),
        error,
      };
    }
  }

  async #failed(ctx: Ctx, host: ManagedHost, step: Step, work: StepWork, error: unknown): Promise<StepUpdates> {
    const fields = { ...logFields(ctx), instance: work.instance.uuid, host: host.host, step: step.name };
    if (error instanceof StaleStepError) {
      this.options.log.info(fields, `the step was stopped: ${error.message}`);
      return {};
    }
    this.options.log.warn({ ...fields, err: error }, 'the step failed on this host');
    return step.undo(work);
  }

  async #stale(ctx: Ctx, host: ManagedHost, step: Step, work: StepWork, isHere: boolean): Promise<void> {
    const fields = { ...logFields(ctx), instance: work.instance.uuid, host: host.host, step: step.name };
    this.options.log.info(fields, 'the end of the step is not wanted any more');
    if (isHere) return;
    await step.abandon(work);
    host.instances.delete(work.instance.uuid);
  }

  /** Asks until the conductor has answered: the work is done, and nobody else will do it. */
  async #store(ctx: Ctx, finish: FinishStep): Promise<FinishStepResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.conductor.call(ctx, messages.finishStep, finish);
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        await pause(backoffMs(STORE_RETRY, attempt), this.#stopping.signal);
      }
    }
  }

  #work(ctx: Ctx, host: ManagedHost, running: RunningStep, taken: Taken, events: StepEvents): StepWork {
    return {
      ctx,
      host,
      driver: host.driver,
      instance: taken.instance,
      arguments: taken.arguments,
      blockDevices: taken.block_devices,
      devices: [],
      move: () => guestMove(taken),
      signal: AbortSignal.any([running.abort.signal, this.#stopping.signal]),
      progress: (percent) => {
        running.progress = percent;
      },
      transferLimit: this.options.transferLimit ?? { secondsPerGib: 0, late: 'abort' },
      transferred: (transfer) => {
        running.transfer = transfer;
        running.progress = percentOf(transfer);
      },
      advance: async (task_state) => {
        const args = { ...running.ref, host: host.host, task_state, progress: running.progress };
        const result = await this.conductor.call(ctx, messages.advanceStep, args);
        if (result.outcome === 'stale') throw new StaleStepError('the step is not ours any more');
        events.advanced(result.instance, result.old_task_state);
        return result.instance;
      },
    };
  }

  #step(name: StepName): Step {
    const step = this.#steps.get(name);
    if (step === undefined) throw new TypeError(`this agent has no step ${name}`);
    return step;
  }
}
