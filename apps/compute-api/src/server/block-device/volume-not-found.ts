import { type AppError, notFound } from '@kilonova/util';

export const volumeNotFound = (id: string): AppError => notFound('compute.volume.not_found', `Volume ${id} could not be found.`);
