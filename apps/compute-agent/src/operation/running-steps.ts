import type { StepBeat, StepRef, Transfer } from '@kilonova/compute-objects';

/** Ends that one beat tells of, at most; the rest travel with the next. */
const NOTIFIED_A_BEAT = 5_000;

/** The server has another operation by now, or none: what is being done for this one is not wanted any more. */
export class StaleStepError extends Error {
  override readonly name = 'StaleStepError';
}

/** A client does not want any more what is being done: it is taken back. */
export class CancelledStepError extends Error {
  override readonly name = 'CancelledStepError';
}

/** A step that this process works on. */
export interface RunningStep {
  readonly ref: StepRef;
  readonly host: string;
  readonly abort: AbortController;
  /** Percent, where the driver knows. */
  progress?: number;
  /** Of a live migration. */
  transfer?: Transfer;
}

const keyOf = ({ operation_uuid, step, attempt }: StepRef): string => `${operation_uuid}/${step}/${attempt}`;

/** The steps that this process works on, and those whose ends it has notified: what its beats tell of. */
export class RunningSteps {
  readonly #running = new Map<string, RunningStep>();
  #notified: StepRef[] = [];

  get size(): number {
    return this.#running.size;
  }

  begin(ref: StepRef, host: string): RunningStep {
    const running = { ref, host, abort: new AbortController() };
    this.#running.set(keyOf(ref), running);
    return running;
  }

  end(ref: StepRef): void {
    this.#running.delete(keyOf(ref));
  }

  has(ref: StepRef): boolean {
    return this.#running.has(keyOf(ref));
  }

  /** Stops what is being done to an instance for another operation than `operation`. */
  abortOthers(instanceUuid: string, operation: string): void {
    for (const { ref, abort } of this.#running.values()) {
      if (ref.instance_uuid === instanceUuid && ref.operation_uuid !== operation)
        abort.abort(new StaleStepError('another operation takes its place'));
    }
  }

  /** Stops what is being done for these operations. */
  abort(operations: readonly string[], why: string): void {
    const stale = new Set(operations);
    for (const { ref, abort } of this.#running.values()) if (stale.has(ref.operation_uuid)) abort.abort(new StaleStepError(why));
  }

  /** The step of an operation that this process works on. */
  of(operation: string): RunningStep | undefined {
    return [...this.#running.values()].find(({ ref }) => ref.operation_uuid === operation);
  }

  beats(): StepBeat[] {
    return [...this.#running.values()].map(({ ref, progress, transfer }) => ({
      ...ref,
      ...(progress === undefined ? {} : { progress }),
      ...(transfer === undefined ? {} : { transfer }),
    }));
  }

  /** The end of the step has been notified: nobody has to remember it any more. */
  notified(ref: StepRef): void {
    this.#notified.push(ref);
  }

  /** Takes ends out for a beat; `back` puts them back when the beat did not arrive. */
  takeNotified(): { readonly refs: readonly StepRef[]; back(): void } {
    const refs = this.#notified.splice(0, NOTIFIED_A_BEAT);
    return { refs, back: () => (this.#notified = [...refs, ...this.#notified]) };
  }
}
