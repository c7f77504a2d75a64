import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Inject } from '@nestjs/common';
import { SnapshotImages } from '../image/snapshot-images.js';
import { uploadSnapshot } from '../image/upload-snapshot.js';
import { Step, StepOf, type StepWork } from '../operation/step.js';
import { StepRunner } from '../operation/step-runner.service.js';

/** Makes an image of a server. */
@StepOf(messages.snapshotInstance)
export class SnapshotInstance extends Step<'snapshot_instance'> {
  declare readonly name: 'snapshot_instance';

  constructor(
    @Inject(StepRunner) runner: StepRunner,
    @Inject(SnapshotImages) private readonly images: SnapshotImages,
  ) {
    super(runner);
  }

  async run(work: StepWork<'snapshot_instance'>): Promise<StepUpdates> {
    await uploadSnapshot(this.images, work);
    return {};
  }
}
