import { AppError } from '@kilonova/util';

/** Other writers kept getting in between; to be tried again, as what does not answer. */
export const contendedClaim = (instanceUuid: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'conductor.claim.contended',
    message: `Other writers kept changing what instance ${instanceUuid} holds.`,
  });
