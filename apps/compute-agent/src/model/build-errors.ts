import { AppError } from '@kilonova/util';

/** The row has left the state this build expects: somebody deletes it, or another attempt overtook. */
export class Overtaken extends Error {}

/** How far the row got is not known: the conductor was not reached, or its answer was lost. */
export class Interrupted extends Error {}

/**
 * To be caught with where the conductor stores a step. What may pass is no failure of the build: the message comes again.
 * @throws Interrupted with its cause, or the error itself when asking again would not help.
 */
export const interruption = (error: unknown): never => {
  if (error instanceof AppError && error.retryable) throw new Interrupted(error.message, { cause: error });
  throw error;
};
