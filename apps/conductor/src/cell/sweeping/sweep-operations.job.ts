import { OperationSweepRepository, type OverdueOperation } from '@kilonova/cell-db';
import { type Patience, STEP_NAMES, type StepName, stepRule } from '@kilonova/compute-objects';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { overdueFault } from '../../model/build-faults.js';
import type { Job } from '../../sweeping/sweeper.js';
import { AdmitMoves } from '../operation/admit-moves.service.js';
import { AfterBuild } from '../operation/reschedule-build.service.js';
import { SweepDeeds } from './sweep-deeds.js';

/** Operations a run and kind, at most. */
const LIMIT = 200;
/** Ends that no agent came back to notify are forgotten after so many days. */
const KEEP_ENDS_DAYS = 7;

export abstract class SweepTimes {
  abstract readonly intervalMs: number;
  /** How long a living host may leave a step unanswered before it is told again. */
  abstract readonly lostSeconds: number;
  abstract readonly serviceDownSeconds: number;
  /** How long a build waits for a host that is down before it goes elsewhere. */
  abstract readonly elsewhereSeconds: number;
  abstract readonly patienceSeconds: Readonly<Record<Patience, number>>;
}

/** How long each step may go without a sign of life, seconds. */
const patienceBySteps = (seconds: SweepTimes['patienceSeconds']): Readonly<Record<StepName, number>> =>
  Object.fromEntries(STEP_NAMES.map((name) => [name, seconds[stepRule(name).patience]])) as Record<StepName, number>;

/**
 * Looks after operations that nobody works on: what a living host has not taken, or has forgotten, is sent again; builds
 * on their way to a host that is down look for another; a step past its time ends by its table entry. Each change is
 * conditional on what was found, so that two sweepers, or a sweeper and an agent, do not undo each other's work.
 */
@Injectable()
export class SweepOperations implements Job {
  readonly name = 'sweep operations';
  readonly exclusive = true;

  constructor(
    private readonly sql: DataSource,
    private readonly sweep: OperationSweepRepository,
    private readonly after: AfterBuild,
    private readonly deeds: SweepDeeds,
    private readonly times: SweepTimes,
    private readonly moves: AdmitMoves,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const { lostSeconds, serviceDownSeconds, elsewhereSeconds, patienceSeconds } = this.times;
    const again = await this.sweep.sendAgain(this.sql, { lostSeconds, serviceDownSeconds }, LIMIT);
    const rescheduled = await this.sweep.rescheduleAgain(this.sql, lostSeconds, LIMIT);
    const placed = await this.sweep.placeAgain(this.sql, lostSeconds, LIMIT);
    const untaken = await this.sweep.untaken(this.sql, elsewhereSeconds, serviceDownSeconds, LIMIT);
    const overdue = await this.sweep.overdue(this.sql, patienceBySteps(patienceSeconds), LIMIT);
    for (const operation of [...untaken, ...overdue]) await this.#end(operation);
    const admitted = await this.moves.run();
    await this.sweep.purge(this.sql, KEEP_ENDS_DAYS, LIMIT);
    const done = {
      sent_again: again,
      rescheduled_again: rescheduled,
      placed_again: placed,
      moved_on: untaken.length,
      given_up: overdue.length,
      admitted,
    };
    const count = this.deeds.count(done);
    if (count > 0) this.after.relay.wake();
    return count;
  }

  async #end(operation: OverdueOperation): Promise<void> {
    const fault = overdueFault(operation.step, operation.host, new Date());
    const ended = await this.sweep.end(this.sql, operation, fault);
    if (ended !== undefined)
      await this.after.notifier.timedOut(operation.ctx, ended.instance, ended.old_vm_state, ended.old_task_state);
  }
}
