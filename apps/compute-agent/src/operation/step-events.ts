import type {
  FinishedStep,
  Instance,
  InstanceFault,
  StepRule,
  TakeStepResult,
  TaskState,
  VmState,
} from '@kilonova/compute-objects';
import type { InstanceNotifier } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { PendingEvents } from './pending-events.js';

type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;

/**
 * What outsiders are notified of a step, by its row: `start` events and the task states that it passes when it is taken,
 * `end` (or `error`) and the change of states when its end is stored. Events are sent in the order in which they are added.
 */
export class StepEvents {
  readonly #pending = new PendingEvents();

  constructor(
    private readonly ctx: Ctx,
    private readonly notifier: InstanceNotifier,
    private readonly rule: StepRule,
  ) {}

  /** A step that is resumed has passed its task states before. */
  taken({ instance, old_vm_state, old_task_state, resumed }: Taken): void {
    const [first, ...rest] = this.rule.tasks;
    if (!resumed && first !== undefined) this.#update({ ...instance, task_state: first }, old_vm_state, old_task_state);
    const begun = resumed ? instance : { ...instance, task_state: this.rule.startsIn ?? first ?? null };
    for (const name of this.rule.notify) this.#pending.add(this.notifier.event(this.ctx, begun, name, 'start'));
    if (resumed) return;
    rest.reduce((before, task) => {
      this.#update({ ...instance, task_state: task }, old_vm_state, before ?? null);
      return task;
    }, first ?? null);
  }

  advanced(instance: Instance, oldTaskState: TaskState | null): void {
    this.#update(instance, instance.vm_state, oldTaskState);
  }

  /** The work is done; its result is not stored yet. */
  worked(instance: Instance): void {
    for (const name of this.rule.notify.slice(1).reverse())
      this.#pending.add(this.notifier.event(this.ctx, instance, name, 'end'));
  }

  finished({
    instance,
    old_vm_state,
    old_task_state,
    fault,
  }: Pick<FinishedStep, 'instance' | 'old_vm_state' | 'old_task_state' | 'fault'>): void {
    this.#update(instance, old_vm_state, old_task_state);
    const [outermost] = this.rule.notify;
    if (fault === null) this.#pending.add(this.notifier.event(this.ctx, instance, outermost, 'end'));
    else if (this.rule.notifiesFailure) this.#pending.add(this.#failure(instance, outermost, fault));
  }

  /** Resolves when all events are with the broker, or given up. */
  sent(): Promise<void> {
    return this.#pending.sent();
  }

  #failure(instance: Instance, name: string, fault: InstanceFault): Promise<void> {
    return this.notifier.event(this.ctx, instance, name, 'error', fault);
  }

  #update(instance: Instance, oldVmState: VmState, oldTaskState: TaskState | null): void {
    if (instance.vm_state === oldVmState && instance.task_state === oldTaskState) return;
    this.#pending.add(this.notifier.update(this.ctx, instance, { oldVmState, oldTaskState }));
  }
}
