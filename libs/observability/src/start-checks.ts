import type { Logger } from './logger.js';

/** What a service stands on is such that it cannot work, however long it waits: in plain lines for an operator. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** What is wrong, by what was looked at: each finds out by itself. */
export type StartChecks = Readonly<Record<string, () => Promise<readonly string[]>>>;

/** How long one check may take, milliseconds. */
const CHECK_MS = 5_000;

/**
 * Makes the checks side by side. One that cannot be made, for who is asked does not answer in time, refuses nothing: the service
 * waits for that as it does later.
 * @throws StartRefused with all that was found
 */
export async function passStartChecks(logger: Logger, checks: StartChecks, checkMs = CHECK_MS): Promise<void> {
  const found = await Promise.all(
    Object.entries(checks).map(async ([what, check]) =>
      (await made(logger, what, check, checkMs)).map((fault) => `${what}: ${fault}`),
    ),
  );
  const faults = found.flat();
  if (faults.length > 0) throw new StartRefused(faults);
}

async function made(logger: Logger, what: string, check: StartChecks[string], ms: number): Promise<readonly string[]> {
  let late: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`not answered within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([check(), deadline]);
  } catch (error) {
    logger.warn({ err: error, check: what }, 'a check of the start was not made');
    return [];
  } finally {
    clearTimeout(late);
  }
}
