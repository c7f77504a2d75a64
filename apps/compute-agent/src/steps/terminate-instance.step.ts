import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Removes the guest of a server that is being deleted, and lets go of its volumes. */
@StepOf(messages.terminateInstance)
export class TerminateInstance extends Step<'terminate_instance'> {
  declare readonly name: 'terminate_instance';

  async run({ ctx, host, driver, instance, blockDevices, signal }: StepWork): Promise<StepUpdates> {
    await driver.destroy(instance.uuid);
    if (driver.movedAway().includes(instance.uuid)) await driver.confirmMigration(instance.uuid, signal);
    await host.volumes.endAll(ctx, instance.uuid, blockDevices);
    const preserved = (instance.network_info ?? []).filter(({ preserve }) => preserve).map(({ port_id }) => port_id);
    await host.networks.end(ctx, instance.uuid, preserved);
    return {};
  }
}
