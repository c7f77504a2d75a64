import { AppError } from '@kilonova/util';
import type { VolumeOutcome } from '@kilonova/volume-client';

/** What the volume service does not take is the failure of the step. @throws AppError for a refusal, with its words */
export function demand<T>(outcome: VolumeOutcome<T>): { readonly outcome: 'done' } & T {
  if (outcome.outcome === 'done') return outcome;
  const { message, reason } = outcome;
  throw new AppError({ kind: reason === 'not-found' ? 'not-found' : 'conflict', code: 'agent.volume.refused', message });
}
