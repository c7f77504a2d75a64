import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { withoutPort } from '../network/without-port.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Takes an interface away from a guest, then gives its port back; when either fails the server keeps it, and it is detached again. */
@StepOf(messages.detachInterface)
export class DetachInterface extends Step<'detach_interface'> {
  declare readonly name: 'detach_interface';

  async run({ ctx, host, driver, instance, arguments: args, signal }: StepWork<'detach_interface'>): Promise<StepUpdates> {
    const { port_id } = args.subject;
    const vif = instance.network_info.find((each) => each.port_id === port_id);
    await driver.detachInterface(instance.uuid, port_id, signal);
    if (vif !== undefined) await host.networks.giveBack(ctx, vif);
    return { network_info: withoutPort(instance.network_info, port_id) };
  }
}
