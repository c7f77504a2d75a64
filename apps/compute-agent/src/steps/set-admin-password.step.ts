import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { AppError } from '@kilonova/util';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Sets the password of the administrator inside a guest. */
@StepOf(messages.setAdminPassword)
export class SetAdminPassword extends Step<'set_admin_password'> {
  declare readonly name: 'set_admin_password';

  /** @throws AppError without the driver's own words, which may hold the password. */
  async run({ driver, instance, arguments: args, signal }: StepWork<'set_admin_password'>): Promise<StepUpdates> {
    try {
      await driver.setAdminPassword(instance.uuid, args.admin_password, signal);
    } catch (error) {
      if (signal.aborted || (error instanceof AppError && error.kind === 'not-implemented')) throw error;
      throw passwordNotSet(instance.uuid);
    }
    return {};
  }
}

/** Source: Nova's InstancePasswordSetFailed. */
const passwordNotSet = (uuid: string): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'agent.password.not_set',
    message: `Failed to set admin password on ${uuid} because error setting admin password`,
  });
