import { type Flavor, hardwareDemand, type PciAlias } from '@kilonova/compute-objects';
import { invalid } from '@kilonova/util';

/**
 * Whether what a flavor and an image ask of NUMA cells, CPUs, pages and devices can be read at all; where there is room for it
 * is the scheduler's business.
 * @throws AppError 400
 */
export function checkHardware(flavor: Flavor, properties: Readonly<Record<string, string>>, aliases: readonly PciAlias[]): void {
  const outcome = hardwareDemand(flavor, properties, aliases);
  if ('fault' in outcome) throw invalid('compute.server.hardware', outcome.fault);
}
