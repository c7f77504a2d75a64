import type { SeenService } from '@kilonova/cell-db';
import type { ServiceInfo } from '@kilonova/compute-objects';

export const COMPUTE_BINARY = 'nova-compute';

type Seen = Pick<SeenService, 'forced_down' | 'silent_ms'>;

/** Up: seen within the down time, and not forced down by an administrator. Times in milliseconds. */
export const isServiceUp = (service: Seen, downMs: number): boolean => !service.forced_down && service.silent_ms <= downMs;

export interface ZoneNames {
  /** Of hosts that no aggregate puts in a zone. */
  readonly usual: string;
  /** Of services that run no servers. */
  readonly internal: string;
}

/** @param zones host → the zone that its aggregates put it in */
export const zoneOfService = (
  service: Pick<ServiceInfo, 'binary' | 'host'>,
  zones: ReadonlyMap<string, string>,
  names: ZoneNames,
): string => (service.binary === COMPUTE_BINARY ? (zones.get(service.host) ?? names.usual) : names.internal);
