import { type AppError, notFound } from '@kilonova/util';
import type { Refused } from '@kilonova/volume-client';
import { refusedVolume } from '../server/block-device/model/volume-checks.js';

/** What the volume service refuses, for its user: what there is none of is 404. @param missing what is said of it; else the service's own words */
export const refusedToUser = (refused: Refused, missing = refused.message): AppError =>
  refused.reason === 'not-found' ? notFound('compute.volume.not_found', missing) : refusedVolume(refused);
