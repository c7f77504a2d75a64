import type { AllocationRequest, GuestDevice, WantedDevices } from '@kilonova/compute-objects';

/** A provider of a node of the host, as its driver calls it. */
export interface KnownProvider {
  readonly node: string;
  readonly name: string;
}

/** What a claim wants of a host's devices. */
export interface DeviceWishes {
  readonly wanted: readonly WantedDevices[];
  /** It names a class that has devices elsewhere on the host: the tree has changed since the claim was made. */
  readonly isOutdated: boolean;
}

/**
 * The devices that stand behind what was claimed; classes without any are only counted.
 * @param providers of the host, by uuid
 * @param behind the devices behind a class of a provider
 */
export function wantedDevices(
  allocations: AllocationRequest['allocations'],
  providers: ReadonlyMap<string, KnownProvider>,
  behind: (provider: KnownProvider, resourceClass: string) => readonly string[],
): DeviceWishes {
  const hasDevices = (name: string): boolean => [...providers.values()].some((provider) => behind(provider, name).length > 0);
  let isOutdated = false;
  const wanted = Object.entries(allocations).flatMap(([uuid, { resources }]) => {
    const provider = providers.get(uuid);
    return Object.entries(resources).flatMap(([resource_class, amount]): WantedDevices[] => {
      const devices = provider === undefined ? [] : behind(provider, resource_class);
      if (devices.length > 0) return [{ resource_class, amount, devices }];
      isOutdated ||= hasDevices(resource_class);
      return [];
    });
  });
  return { wanted, isOutdated };
}

/**
 * Of a server's devices on a host, those that a step works with. A move has two sides, which may be one host: what was assigned
 * for it is the destination's, anything else the source's.
 */
export function devicesAt(
  at: 'host' | 'source' | 'destination',
  devices: readonly GuestDevice[],
  migrationUuid: string | null,
): readonly string[] {
  const isDestinations = (one: GuestDevice): boolean => one.migration_uuid === migrationUuid;
  const ofSide = devices.filter((one) => at === 'host' || isDestinations(one) === (at === 'destination'));
  return ofSide.map(({ device }) => device);
}
