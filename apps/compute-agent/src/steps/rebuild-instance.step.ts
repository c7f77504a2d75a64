import { isRoot, isVolume, messages, type StepUpdates } from '@kilonova/compute-objects';
import { rebuildGuest } from '../guest/rebuild-guest.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Makes the guest of a server anew of an image, which goes onto the volume that it boots from where that is asked for. One that was stopped is stopped again. */
@StepOf(messages.rebuildInstance)
export class RebuildInstance extends Step<'rebuild_instance'> {
  declare readonly name: 'rebuild_instance';

  async run(work: StepWork<'rebuild_instance'>): Promise<StepUpdates> {
    const { image, admin_password, reimages_boot_volume: reimages } = work.arguments;
    const bootVolume = work.blockDevices.filter(isVolume).find(isRoot)?.volume_id;
    if (reimages === true) await this.#reimage(work, bootVolume);
    return rebuildGuest(work, bootVolume === undefined ? image : null, admin_password);
  }

  /** The guest is off before anything is written to its disk. */
  async #reimage(work: StepWork<'rebuild_instance'>, volumeId: string | undefined): Promise<void> {
    const { ctx, host, driver, instance, signal } = work;
    const { id } = work.arguments.image;
    if (volumeId === undefined || id === null) throw new Error('The server boots from no volume, or its image has no id.');
    if (driver.guests().includes(instance.uuid)) await driver.powerOff(instance.uuid, 0, signal);
    await driver.detachVolume(instance.uuid, volumeId, signal);
    await host.volumes.reimage(ctx, instance.uuid, volumeId, id, signal);
  }
}
