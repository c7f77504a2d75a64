import type { Instance, InstanceFault, RequestSpec, TaskState, VmState } from '@kilonova/compute-objects';
import { computeTaskError, faultFacts, type InstanceNotifier, type NotificationEmitter } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';

const WAITING = { oldVmState: 'building', oldTaskState: 'scheduling' } as const;

/** What outsiders are told of builds that the conductor moves on or ends. */
export class BootNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly instances: InstanceNotifier,
    private readonly host: string,
  ) {}

  /** `instance.update` of instances that are on their way to a host. */
  async dispatched(ctx: Ctx, instances: readonly Instance[]): Promise<void> {
    await Promise.all(instances.map((instance) => this.instances.update(ctx, instance, WAITING)));
  }

  /** `instance.update` to ERROR, and `compute_task.build_instances.error`. */
  async failed(
    ctx: Ctx,
    instance: Instance,
    spec: RequestSpec,
    fault: InstanceFault,
    oldTaskState: Instance['task_state'] = 'scheduling',
  ): Promise<void> {
    const task = {
      method: 'build_instances',
      instanceUuid: instance.uuid,
      spec,
      state: instance.vm_state,
      reason: faultFacts(fault, 'build_instances'),
    };
    await Promise.all([
      this.instances.update(ctx, instance, { oldVmState: 'building', oldTaskState }),
      computeTaskError(this.emitter, ctx, this.host, task),
    ]);
  }

  /** `instance.update` of an instance whose operation was ended for want of a sign of life. */
  async timedOut(ctx: Ctx, instance: Instance, oldVmState: VmState, oldTaskState: TaskState | null): Promise<void> {
    await this.instances.update(ctx, instance, { oldVmState, oldTaskState });
  }

  /** `instance.update` of an instance that the conductor does something to by itself. */
  async changed(ctx: Ctx, instance: Instance, oldVmState: VmState, oldTaskState: TaskState | null): Promise<void> {
    await this.instances.update(ctx, instance, { oldVmState, oldTaskState });
  }

  /** `instance.<name>`: a host was chosen for what was asked of a server, whose agent is told next. */
  scheduled(ctx: Ctx, instance: Instance, name: string): Promise<void> {
    return this.instances.single(ctx, instance, name);
  }

  /** `compute_task.<task>.error`: there is no host for what was asked of a server. */
  unplaced(ctx: Ctx, instance: Instance, task: string, spec: RequestSpec, fault: InstanceFault): Promise<void> {
    const reason = faultFacts(fault, task);
    return computeTaskError(this.emitter, ctx, this.host, {
      method: task,
      instanceUuid: instance.uuid,
      spec,
      state: instance.vm_state,
      reason,
    });
  }

  /** `instance.delete.start` and `.end` of instances whose users were quicker than their build. */
  async withdrawn(ctx: Ctx, instances: readonly Instance[]): Promise<void> {
    for (const instance of instances) {
      await this.instances.action(ctx, instance, 'delete', 'start');
      await this.instances.action(ctx, { ...instance, vm_state: 'deleted', task_state: null }, 'delete', 'end');
    }
  }
}
