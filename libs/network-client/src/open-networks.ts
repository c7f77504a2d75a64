import type { SectionValues } from '@kilonova/config';
import { networkTransport, type ServiceSession } from '@kilonova/identity-client';
import type { RestLimits } from '@kilonova/rest-client';
import { MemoryNetworks } from './memory/memory-networks.js';
import type { networkSection } from './network.section.js';
import type { NetworkService } from './network-service.port.js';
import { NeutronNetworks } from './neutron/neutron-networks.js';
import { NoNetworks } from './no-networks.js';

/** The networks of this process: whoever opens them shares them, as the first has configured them. */
let ofThisProcess: MemoryNetworks | undefined;

function inMemory(networks: readonly string[]): MemoryNetworks {
  if (ofThisProcess !== undefined) return ofThisProcess;
  ofThisProcess = new MemoryNetworks();
  for (const entry of networks) {
    const [name = '', prefix = ''] = entry.split('=');
    ofThisProcess.addNetwork(name, null, prefix);
  }
  return ofThisProcess;
}

/** The network service as the section `network` has it. Nothing is asked before it is needed. */
export function openNetworks(
  { provider, url, memoryNetworks }: SectionValues<typeof networkSection>,
  session: ServiceSession,
  limits: RestLimits,
): NetworkService {
  if (provider === 'neutron') return new NeutronNetworks(networkTransport(session, url, limits));
  return provider === 'memory' ? inMemory(memoryNetworks) : new NoNetworks();
}
