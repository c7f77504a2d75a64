import type {
  FinishedStep,
  Instance,
  InstanceFault,
  StepRule,
  TakeStepResult,
  TaskState,
  VmState,
} from '@kilonova/compute-objects';
import type { InstanceNotifier, Phase } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { PendingEvents } from './pending-events.js';

type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;

/**
 * What outsiders are notified of a step, by its row: `start` events and the task states that it passes when it is taken,
 * `end` (or `error`) and the change of states when its end is stored. Events are sent in the order in which they are added.
 */
export class StepEvents {
  readonly #pending = new PendingEvents();
  #arguments: Taken['arguments'] | undefined;
  /** The host that the server's move began on. */
  #source: string | null = null;

  constructor(
    private readonly ctx: Ctx,
    private readonly notifier: InstanceNotifier,
    private readonly rule: StepRule,
  ) {}

  /** A step that is resumed has passed its task states before. */
  taken({ instance, arguments: args, migration, old_vm_state, old_task_state, resumed }: Taken): void {
    this.#arguments = args;
    this.#source = migration?.source_compute ?? null;
    const [first, ...rest] = this.rule.tasks;
    if (!resumed && first !== undefined) this.#update({ ...instance, task_state: first }, old_vm_state, old_task_state);
    const passed = resumed || this.rule.startsAfterTasks === true;
    const begun = passed ? instance : { ...instance, task_state: this.rule.startsIn ?? first ?? null };
    const pass = () =>
      rest.reduce((before, task) => {
        this.#update({ ...instance, task_state: task }, old_vm_state, before ?? null);
        return task;
      }, first ?? null);
    if (passed && !resumed) pass();
    this.#begun(begun);
    if (!passed) pass();
  }

  #begun(instance: Instance): void {
    if (this.rule.notifiesExistence === 'before') this.#pending.add(this.notifier.exists(this.ctx, instance));
    if (this.rule.notifyOnly !== 'end') for (const name of this.rule.notify) this.#event(instance, name, 'start');
  }

  advanced(instance: Instance, oldTaskState: TaskState | null): void {
    this.#update(instance, instance.vm_state, oldTaskState);
  }

  /** The work is done; its result is not stored yet. */
  worked(instance: Instance): void {
    for (const name of this.rule.notify.slice(1).reverse()) this.#event(instance, name, 'end');
    if (this.rule.notifiesExistence === 'after') this.#pending.add(this.notifier.exists(this.ctx, instance));
  }

  /** Of a step that ended before this agent started, what it was about is all that is known of its arguments. */
  finished(end: Omit<FinishedStep, 'outcome'>): void {
    const { instance, old_vm_state, old_task_state, subject } = end;
    if (subject !== null) this.#arguments ??= { subject } as never;
    this.#update(instance, old_vm_state, old_task_state);
    this.#ended(end);
    const [name, source] = [this.rule.notifiesEndOf, this.#source ?? end.source_compute ?? null];
    if (name === undefined || source === null) return;
    const seenThere = { ...instance, task_state: old_task_state };
    this.#pending.add(this.notifier.inNameOf(source).event(this.ctx, seenThere, name, 'end', { arguments: this.#arguments }));
  }

  #ended({ instance, fault }: Pick<FinishedStep, 'instance' | 'fault'>): void {
    const [outermost] = this.rule.notify;
    if (outermost === undefined) return;
    const { notifiesFailure } = this.rule;
    const failed = notifiesFailure === true ? outermost : notifiesFailure;
    if (fault !== null && failed !== false) this.#event(instance, failed, 'error', fault);
    if (fault === null && this.rule.notifyOnly !== 'start') this.#event(instance, outermost, 'end');
  }

  /** Resolves when all events are with the broker, or given up. */
  sent(): Promise<void> {
    return this.#pending.sent();
  }

  #event(instance: Instance, name: string, phase: Phase, fault?: InstanceFault): void {
    this.#pending.add(this.notifier.event(this.ctx, instance, name, phase, { fault, arguments: this.#arguments }));
  }

  #update(instance: Instance, oldVmState: VmState, oldTaskState: TaskState | null): void {
    if (instance.vm_state === oldVmState && instance.task_state === oldTaskState) return;
    this.#pending.add(this.notifier.update(this.ctx, instance, { oldVmState, oldTaskState }));
  }
}
