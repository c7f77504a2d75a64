import { BaseSequencer } from 'vitest/node';

/** Kinds of tests by suffix, those that wait longest first; what has none of them needs nothing but the processor. */
const KINDS = ['e2e', 'fault', 'int'];

/** @param {string} file a test file's path */
export function rankOf(file) {
  const rank = KINDS.findIndex((kind) => file.endsWith(`.${kind}.spec.ts`));
  return rank < 0 ? KINDS.length : rank;
}

/** Whole clouds and faults begin first, so that none of them waits alone at the end of a run. */
export class WaitingFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}
