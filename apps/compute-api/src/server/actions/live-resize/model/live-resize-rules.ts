import { isDeepStrictEqual } from 'node:util';
import type { Flavor } from '@kilonova/compute-objects';
import { type AppError, invalid } from '@kilonova/util';
import { checkResize, type ResizeSubject } from '../../resize/model/resize-rules.js';

const bad = (reason: string, message: string): AppError => invalid(`compute.live_resize.${reason}`, message);

const DIMENSIONS = { vcpus: 'vcpus', memory_mb: 'ram', root_gb: 'disk', ephemeral_gb: 'ephemeral', swap: 'swap' } as const;

/**
 * Whether a server may grow to a flavor while it runs: none of its dimensions gets smaller, and nothing else of it changes.
 * @param flavor as for `checkResize`
 * @throws AppError 400
 */
export function checkLiveResize(server: ResizeSubject, flavorid: string, flavor: Flavor | undefined): Flavor {
  const wanted = checkResize(server, flavorid, flavor);
  const names = Object.keys(DIMENSIONS) as Array<keyof typeof DIMENSIONS>;
  const smaller = names.find((name) => wanted[name] < server.flavor[name]);
  if (smaller !== undefined)
    throw bad('smaller', `A server grows only while it runs: flavor ${flavorid} has less ${DIMENSIONS[smaller]}.`);
  if (!isDeepStrictEqual({ ...wanted.extra_specs }, { ...server.flavor.extra_specs }))
    throw bad('extra_specs', `A server keeps its extra specs while it runs: those of flavor ${flavorid} are others.`);
  const layout = Object.keys(server.flavor.extra_specs).find((name) => name.startsWith('hw:'));
  if (layout !== undefined)
    throw bad('laid_out', `A server that is laid out on its host's hardware (${layout}) does not grow while it runs.`);
  return wanted;
}
