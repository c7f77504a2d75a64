import type { Flavor } from '../flavor.js';
import type { HardwareDemand } from './fit-hardware.js';
import { guestTopology } from './guest-topology.js';
import { type PciAlias, pciRequests } from './pci-request.js';

/** What a server wants of its node, or what is wrong with what it asks for. */
export type DemandOutcome = { readonly demand: HardwareDemand } | { readonly fault: string };

/** @param properties of the image */
export function hardwareDemand(
  flavor: Flavor,
  properties: Readonly<Record<string, string>>,
  aliases: readonly PciAlias[],
): DemandOutcome {
  const topology = guestTopology(flavor, properties);
  if ('fault' in topology) return topology;
  const devices = pciRequests(flavor, aliases);
  return 'fault' in devices ? devices : { demand: { topology: topology.topology, devices: devices.requests } };
}
