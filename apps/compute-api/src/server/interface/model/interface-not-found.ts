import { type AppError, notFound } from '@kilonova/util';

export const interfaceNotFound = (portId: string): AppError =>
  notFound('compute.interface.not_found', `Port id ${portId} could not be found.`);
