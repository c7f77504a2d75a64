import { isRoot, isVolume, messages, type StepUpdates } from '@kilonova/compute-objects';
import { rebuildGuest } from '../guest/rebuild-guest.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew of an image, which goes onto the volume that it boots from where that is asked for. One that was stopped is stopped again. */
@StepOf(messages.rebuildInstance)
export class RebuildInstance extends Step<'rebuild_instance'> {
  declare readonly name: 'rebuild_instance';

  async run(work: StepWork<'rebuild_instance'>): Promise<StepUpdates> {
    if (work.arguments.reimages_boot_volume === true) await this.#reimage(work);
    return rebuildGuest(work, work.arguments.image, work.arguments.admin_password);
  }

  /** The guest is off before anything is written to its disk. */
  async #reimage({ ctx, host, driver, instance, blockDevices, arguments: { image }, signal }: StepWork<'rebuild_instance'>) {
    const volumeId = blockDevices.filter(isVolume).find(isRoot)?.volume_id;
    if (volumeId === undefined || image.id === null) throw new Error('The server boots from no volume.');
    if (driver.guests().includes(instance.uuid)) await driver.powerOff(instance.uuid, 0, signal);
    await driver.detachVolume(instance.uuid, volumeId, signal);
    await host.volumes.reimage(ctx, instance.uuid, volumeId, image.id, signal);
  }
}
