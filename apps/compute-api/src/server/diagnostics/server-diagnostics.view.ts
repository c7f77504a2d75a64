import { type GuestDiagnostics, PowerState } from '@kilonova/compute-objects';

const WORDS: Readonly<Record<PowerState, string>> = {
  [PowerState.NOSTATE]: 'pending',
  [PowerState.RUNNING]: 'running',
  [PowerState.PAUSED]: 'paused',
  [PowerState.SHUTDOWN]: 'shutdown',
  [PowerState.CRASHED]: 'crashed',
  [PowerState.SUSPENDED]: 'suspended',
};

/** A power state as clients read it here. */
export const powerWord = (state: PowerState): string => WORDS[state];

/** The counters in the form that all hypervisors share; only guests that run have any. */
export const diagnosticsView = ({ native: _, ...standard }: GuestDiagnostics): Record<string, unknown> => ({
  state: powerWord(PowerState.RUNNING),
  ...standard,
});
