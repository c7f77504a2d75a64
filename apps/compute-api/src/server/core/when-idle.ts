import { backoffMs, conflict, pause } from '@kilonova/util';

/** Tries to begin something on a server that is busy with something else, which mostly takes less than a second. */
const TRIES = { attempts: 8, baseMs: 100, capMs: 2_000 };

/** @param begin undefined: the server is busy. @throws AppError 409 when it is busy for longer, and what `begin` throws */
export async function whenIdle<T>(serverUuid: string, begin: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; attempt <= TRIES.attempts; attempt++) {
    const begun = await begin();
    if (begun !== undefined) return begun;
    await pause(backoffMs(TRIES, attempt));
  }
  throw conflict('compute.server.busy', `Instance ${serverUuid} is busy; try again.`);
}
