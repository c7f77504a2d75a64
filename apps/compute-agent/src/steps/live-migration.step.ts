import { messages, type StepUpdates } from '@kilonova/compute-objects';
import type { LiveMigrationRequest } from '@kilonova/virt';
import { transferSeconds } from '../model/transfer-deadline.js';
import { CancelledStepError } from '../operation/running-steps.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Sends a guest to another host while it runs. */
@StepOf(messages.liveMigration)
export class LiveMigration extends Step<'live_migration'> {
  declare readonly name: 'live_migration';

  async run(work: StepWork<'live_migration'>): Promise<StepUpdates> {
    const { driver, instance, move, transferred } = work;
    const { block_migration: blockMigration, cancelled } = work.arguments;
    const isHere = driver.guests().includes(instance.uuid);
    if (cancelled && isHere) throw new CancelledStepError('the live migration was aborted');
    await this.#inTime(work, { ...move(), blockMigration, onTransfer: transferred });
    return {};
  }

  /** A transfer that is late is aborted, or brought to its end whatever it costs the guest. */
  async #inTime(
    { driver, instance, transferLimit, signal }: StepWork<'live_migration'>,
    request: LiveMigrationRequest,
  ): Promise<void> {
    const { secondsPerGib, late: whenLate } = transferLimit;
    const seconds = transferSeconds(instance.flavor, request.blockMigration === true, secondsPerGib);
    const late = new AbortController();
    const onLate = (): void => {
      if (whenLate === 'abort') late.abort(new Error(`The guest did not go over within ${seconds} s.`));
      else void driver.forceLiveMigration(instance.uuid);
    };
    const timer = seconds === 0 ? undefined : setTimeout(onLate, Math.min(seconds * 1000, LONGEST_TIMER_MS));
    try {
      await driver.liveMigrate(request, AbortSignal.any([signal, late.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}

const LONGEST_TIMER_MS = 0x7fffffff;
