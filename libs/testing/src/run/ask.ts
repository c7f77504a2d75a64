import { inject } from 'vitest';
import type { DeskAnswer, DeskRequest } from './desk.js';

/** Starting a server that nobody asked for before takes seconds; pulling an image takes longer. */
const TIMEOUT_MS = 110_000;

/** Asks the run's main process; throws with what it says is missing. */
export async function ask(request: DeskRequest): Promise<DeskAnswer> {
  const response = await fetch(inject('kilonovaDesk'), {
    method: 'POST',
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = (await response.json()) as DeskAnswer;
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}
