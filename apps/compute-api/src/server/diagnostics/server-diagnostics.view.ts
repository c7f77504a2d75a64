import { type GuestDiagnostics, POWER_WORDS, PowerState } from '@kilonova/compute-objects';

/** The counters in the form that all hypervisors share; only guests that run have any. */
export const diagnosticsView = ({ native: _, ...standard }: GuestDiagnostics): Record<string, unknown> => ({
  state: POWER_WORDS[PowerState.RUNNING],
  ...standard,
});
