import { type HostFilter, PASS, reject } from './host-filter.js';

/**
 * The zone asked for is the host's. Zones of aggregates are asked of placement already; this covers the default zone,
 * which is the zone of hosts that no aggregate puts elsewhere.
 */
export const availabilityZoneFilter: HostFilter = {
  name: 'AvailabilityZoneFilter',
  check: (host, spec) =>
    spec.availability_zone === null || spec.availability_zone === host.availabilityZone
      ? PASS
      : reject(`the host is in zone ${host.availabilityZone}`),
};
