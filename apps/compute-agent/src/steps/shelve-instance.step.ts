import { messages, PowerState, type StepUpdates } from '@kilonova/compute-objects';
import { Inject } from '@nestjs/common';
import { SnapshotImages } from '../image/snapshot-images.js';
import { uploadSnapshot } from '../image/upload-snapshot.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { StepRunner } from '../operation/step-runner.service.js';

const STATES = { pending: 'shelving_image_pending_upload', uploading: 'shelving_image_uploading' } as const;
/** How long the guest may take to shut down, seconds. */
const GRACE_SECONDS = 60;

/** Stops the guest of a server and makes the image that the server is brought back from. */
@StepOf(messages.shelveInstance)
export class ShelveInstance extends Step<'shelve_instance'> {
  declare readonly name: 'shelve_instance';

  constructor(
    @Inject(StepRunner) runner: StepRunner,
    @Inject(SnapshotImages) private readonly images: SnapshotImages,
  ) {
    super(runner);
  }

  async run(work: StepWork<'shelve_instance'>): Promise<StepUpdates> {
    const { driver, host, instance, signal } = work;
    await driver.powerOff(instance.uuid, GRACE_SECONDS, signal);
    await uploadSnapshot(this.images, work, STATES);
    return {
      power_state: PowerState.SHUTDOWN,
      system_metadata: {
        shelved_at: new Date().toISOString(),
        shelved_image_id: work.arguments.subject.image_id,
        shelved_host: host.host,
      },
    };
  }

  /** The server is what it was before, and so is its guest as far as it can be. */
  override async undo({ driver, instance, signal }: StepWork<'shelve_instance'>): Promise<StepUpdates> {
    if (instance.power_state !== PowerState.RUNNING || driver.powerState(instance.uuid) !== PowerState.SHUTDOWN) return {};
    await driver.powerOn(instance.uuid, signal.aborted ? new AbortController().signal : signal);
    return { power_state: PowerState.RUNNING };
  }
}
