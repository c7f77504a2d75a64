/** An aggregate as far as zones matter. */
export interface ZonedAggregate {
  readonly id: number;
  readonly hosts: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

export const ZONE_KEY = 'availability_zone';

/** The zone that all aggregates together put a host in; undefined: in none. */
export const zoneOfHost = (host: string, aggregates: readonly ZonedAggregate[]): string | undefined =>
  aggregates.find((aggregate) => aggregate.hosts.includes(host) && aggregate.metadata[ZONE_KEY] !== undefined)?.metadata[
    ZONE_KEY
  ];

/** Zones, other than `zone`, that hosts are in by other aggregates: a host is in one zone only. */
export function conflictingZones(
  zone: string,
  hosts: readonly string[],
  self: number,
  aggregates: readonly ZonedAggregate[],
): string[] {
  const others = aggregates.filter((other) => other.id !== self && other.hosts.some((host) => hosts.includes(host)));
  const zones = others.map((other) => other.metadata[ZONE_KEY]).filter((other) => other !== undefined && other !== zone);
  return [...new Set(zones as string[])].sort();
}

/** Hosts whose zone differs between two states of all aggregates: servers on them would change zones under their owners. */
export const movedHosts = (
  hosts: readonly string[],
  before: readonly ZonedAggregate[],
  after: readonly ZonedAggregate[],
): string[] => hosts.filter((host) => zoneOfHost(host, before) !== zoneOfHost(host, after));

/** All aggregates with one of them exchanged. */
export const replaced = (aggregates: readonly ZonedAggregate[], changed: ZonedAggregate): ZonedAggregate[] =>
  aggregates.map((aggregate) => (aggregate.id === changed.id ? changed : aggregate));

/** Metadata after a change in which null removes a key. */
export function mergedMetadata(
  metadata: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged: Record<string, string | null> = { ...metadata, ...change };
  return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null));
}
