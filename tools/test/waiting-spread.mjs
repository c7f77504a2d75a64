import { BaseSequencer } from 'vitest/node';

/** Files that start whole clouds or wait for faults to pass: `<name>.<kind>.spec.ts`. */
const WAITING = /\.(?:e2e|fault)\.spec\.ts$/;
/** After each of those so many others. */
const OTHERS = 2;

/**
 * One file that waits beside two that compute, while there are any: clouds keep neither the processor idle nor each other
 * waiting, and none is left for the end.
 * @template T @param {readonly T[]} files in the order that they would have @param {(file: T) => string} pathOf @returns {T[]}
 */
export function spread(files, pathOf) {
  const isWaiting = (file) => WAITING.test(pathOf(file));
  const others = files.filter((file) => !isWaiting(file));
  const mixed = files.filter(isWaiting).flatMap((file) => [file, ...others.splice(0, OTHERS)]);
  return [...mixed, ...others];
}

/** The order of files in a run. */
export class WaitingSpread extends BaseSequencer {
  async sort(files) {
    return spread(await super.sort(files), ({ moduleId }) => moduleId);
  }
}
