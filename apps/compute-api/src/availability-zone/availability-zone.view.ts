import { utcMicros } from '../common/time.js';
import type { LocatedService } from '../host-directory/host-directory.service.js';

interface ZoneView {
  readonly zoneName: string;
  readonly zoneState: { readonly available: boolean };
  readonly hosts: unknown;
}

const byName = (a: ZoneView, b: ZoneView): number => (a.zoneName < b.zoneName ? -1 : 1);

function grouped(services: readonly LocatedService[]): Map<string, LocatedService[]> {
  const zones = new Map<string, LocatedService[]>();
  for (const located of services) zones.set(located.zone, [...(zones.get(located.zone) ?? []), located]);
  return zones;
}

const isAvailable = (services: readonly LocatedService[]): boolean => services.some(({ service }) => !service.disabled);

/** Zones with hosts: available as long as one host is enabled. The zone of services without servers is left out. */
export const zoneSummaries = (services: readonly LocatedService[], internal: string): ZoneView[] =>
  [...grouped(services)]
    .filter(([zone]) => zone !== internal)
    .map(([zoneName, members]) => ({ zoneName, zoneState: { available: isAvailable(members) }, hosts: null }))
    .sort(byName);

/** Every zone, with the services on its hosts; of zones that are not available no hosts are told. */
export const zoneDetails = (services: readonly LocatedService[]): ZoneView[] =>
  [...grouped(services)]
    .map(([zoneName, members]) => {
      const available = isAvailable(members);
      return { zoneName, zoneState: { available }, hosts: available ? hostsOf(members) : null };
    })
    .sort(byName);

function hostsOf(services: readonly LocatedService[]): Record<string, Record<string, unknown>> {
  const hosts: Record<string, Record<string, unknown>> = {};
  for (const { service, isUp } of services) {
    const state = { available: isUp, active: !service.disabled, updated_at: utcMicros(service.updated_at) };
    hosts[service.host] = { ...hosts[service.host], [service.binary]: state };
  }
  return hosts;
}
