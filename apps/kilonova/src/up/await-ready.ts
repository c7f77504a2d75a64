import { AppError, pause } from '@kilonova/util';

/** Asks until the condition holds. @throws AppError `deadline` naming what was waited for. */
export async function awaitReady(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) {
      throw new AppError({
        kind: 'deadline',
        code: 'kilonova.up.not_ready',
        message: `${what} is not ready after ${withinMs / 1000} s; its log says why.`,
      });
    }
    await pause(50);
  }
}

/** True when a URL answers with anything below 500. */
export const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.status < 500,
    () => false,
  );
