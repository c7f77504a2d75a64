import { type Instance, messages } from '@kilonova/compute-objects';
import type { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { actionEvent } from '../model/action-event.js';
import type { CellConductor } from './cell-conductor.client.js';
import type { InstanceLocks } from './instance-locks.js';
import type { ManagedHost } from './managed-host.js';
import { Told } from './told.js';

const EVENT = 'compute_terminate_instance';

/** Deletes one instance: guest, claim, row, in this order, so that whatever interrupts it the row still leads back here. */
export class TerminateInstance {
  constructor(
    private readonly conductor: CellConductor,
    private readonly placement: PlacementClient,
    private readonly locks: InstanceLocks,
  ) {}

  run(ctx: Ctx, host: ManagedHost, instanceUuid: string): Promise<void> {
    return this.locks.run(instanceUuid, async () => {
      const instance = await this.conductor.call(ctx, messages.getInstance, { host: host.host, instance_uuid: instanceUuid });
      if (instance === null) await this.#clean(ctx, host, instanceUuid);
      else await this.#terminate(ctx, host, instance);
    });
  }

  async #terminate(ctx: Ctx, host: ManagedHost, instance: Instance): Promise<void> {
    const event = actionEvent(ctx, host.host, instance, EVENT);
    const begun = new Told([
      host.notifier.action(ctx, instance, 'delete', 'start'),
      host.notifier.action(ctx, instance, 'shutdown', 'start'),
      this.conductor.call(ctx, messages.startActionEvent, event),
    ]);
    await this.#clean(ctx, host, instance.uuid);
    await Promise.all([begun.all(), host.notifier.action(ctx, instance, 'shutdown', 'end')]);
    await this.conductor.call(ctx, messages.finishActionEvent, { ...event, result: 'Success' });
    const { instance: deleted } = await this.conductor.call(ctx, messages.destroyInstance, {
      host: host.host,
      instance_uuid: instance.uuid,
    });
    if (deleted === null) return;
    await host.notifier.update(ctx, deleted, { oldVmState: instance.vm_state, oldTaskState: instance.task_state });
    await host.notifier.action(ctx, deleted, 'delete', 'end');
  }

  async #clean(ctx: Ctx, host: ManagedHost, instanceUuid: string): Promise<void> {
    await host.driver.destroy(instanceUuid);
    host.instances.delete(instanceUuid);
    await this.placement.release(ctx, instanceUuid);
  }
}
