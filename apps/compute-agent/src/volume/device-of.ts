import type { BlockDevice } from '@kilonova/compute-objects';
import type { StepWork } from '../operation/step.js';

/** The disk that a step is about. @throws Error when the server has it no more */
export function deviceOf({ blockDevices, arguments: args }: StepWork<'attach_volume' | 'swap_volume'>): BlockDevice {
  const found = blockDevices.find(({ uuid }) => uuid === args.block_device);
  if (found === undefined) throw new Error(`The server has no disk ${args.block_device} any more.`);
  return found;
}
