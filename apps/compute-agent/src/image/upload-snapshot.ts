import type { SnapshotArguments, TaskState } from '@kilonova/compute-objects';
import type { StepWork } from '../operation/step.js';
import type { SnapshotImages } from './snapshot-images.js';

/** Task states of the two halves: the disk is read, then sent. */
export interface UploadStates {
  readonly pending: TaskState;
  readonly uploading: TaskState;
}

const SNAPSHOT_STATES: UploadStates = { pending: 'image_pending_upload', uploading: 'image_uploading' };

/** What of a step's work a snapshot needs. */
type SnapshotWork = Pick<StepWork, 'ctx' | 'driver' | 'instance' | 'advance' | 'signal'> & {
  readonly arguments: SnapshotArguments;
};

/** Makes a snapshot of the step's guest and gives it to the image that the API created for it. An image that is gone is nobody's wish any more. */
export async function uploadSnapshot(
  images: SnapshotImages,
  work: SnapshotWork,
  states: UploadStates = SNAPSHOT_STATES,
): Promise<void> {
  const { ctx, driver, instance, signal } = work;
  const { subject, disk_format } = work.arguments;
  const open = () => driver.snapshot(instance.uuid, disk_format, signal);
  await work.advance(states.pending);
  const first = await open();
  try {
    await work.advance(states.uploading);
    let next: typeof first | undefined = first;
    const source = () => {
      const data = next === undefined ? open() : Promise.resolve(next);
      next = undefined;
      return data;
    };
    await images.store(ctx, subject.image_id, source, signal);
  } finally {
    first.destroy();
  }
}
