import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { withoutPort } from '../network/without-port.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Gives a guest an interface behind a port that the API has found or made; when that fails, the port is given back. */
@StepOf(messages.attachInterface)
export class AttachInterface extends Step<'attach_interface'> {
  declare readonly name: 'attach_interface';

  async run({ ctx, host, driver, instance, arguments: args, signal }: StepWork<'attach_interface'>): Promise<StepUpdates> {
    const vif = await host.networks.take(ctx, instance.uuid, args.subject.port_id, args);
    await driver.attachInterface(instance.uuid, vif, signal);
    return { network_info: [...withoutPort(instance.network_info, vif.port_id), vif] };
  }

  override async undo(work: StepWork<'attach_interface'>): Promise<StepUpdates> {
    const { ctx, host, driver, instance, arguments: args, signal } = work;
    const { port_id } = args.subject;
    await driver.detachInterface(instance.uuid, port_id, signal);
    await host.networks.tryGiveBack(ctx, instance.uuid, { port_id, preserve: args.preserve });
    return { network_info: withoutPort(instance.network_info, port_id) };
  }
}
