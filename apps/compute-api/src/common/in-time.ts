import { AppError } from '@kilonova/util';

/** What another service answers; its silence is a 503 that says in `message` who is silent. @throws AppError `dependency` */
export const inTime = <T>(answer: Promise<T>, silence: { readonly code: string; readonly message: string }): Promise<T> =>
  answer.catch((error: unknown) => {
    const { kind } = AppError.from(error);
    throw kind === 'dependency' || kind === 'deadline' ? new AppError({ kind: 'dependency', ...silence, cause: error }) : error;
  });
