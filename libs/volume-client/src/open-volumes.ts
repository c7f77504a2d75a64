import type { SectionValues } from '@kilonova/config';
import { type ServiceSession, volumeTransport } from '@kilonova/identity-client';
import type { RestLimits } from '@kilonova/rest-client';
import { CinderVolumes } from './cinder/cinder-volumes.js';
import { MemoryVolumes } from './memory/memory-volumes.js';
import { NoVolumes } from './no-volumes.js';
import type { volumeSection } from './volume.section.js';
import type { VolumeService } from './volume-service.port.js';

/** The volumes of this process: whoever opens them shares them. */
let ofThisProcess: MemoryVolumes | undefined;

const inMemory = (): MemoryVolumes => {
  ofThisProcess ??= new MemoryVolumes();
  return ofThisProcess;
};

/** The volume service as the section `volume` has it. Nothing is asked before it is needed. */
export function openVolumes(
  { provider, url }: SectionValues<typeof volumeSection>,
  session: ServiceSession,
  limits: RestLimits,
): VolumeService {
  if (provider === 'cinder') return new CinderVolumes(volumeTransport(session, url, limits));
  return provider === 'memory' ? inMemory() : new NoVolumes();
}
