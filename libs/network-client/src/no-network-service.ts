import { AppError } from '@kilonova/util';

/** @throws AppError `not-implemented` always */
export const noNetworkService = (): never => {
  throw new AppError({ kind: 'not-implemented', code: 'network.none', message: 'This cloud has no network service.' });
};
