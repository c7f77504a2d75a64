import type { Evacuated } from '@kilonova/compute-objects';
import type { ManagedHost } from '../host/managed-host.js';

/**
 * Removes the guests of servers that were made anew elsewhere while this host was down. Returns the evacuations of which
 * nothing is left here; what fails for one is told, and done at the next start.
 */
export async function cleanEvacuated(
  host: ManagedHost,
  evacuated: readonly Evacuated[],
  onError: (error: unknown, what: string) => void,
): Promise<string[]> {
  const cleaned: string[] = [];
  for (const { migration_uuid, instance_uuid } of evacuated) {
    // A server that came back to this host meanwhile has its guest here by right.
    const isBack = host.instances.has(instance_uuid);
    try {
      if (!isBack) await host.driver.destroy(instance_uuid);
      cleaned.push(migration_uuid);
    } catch (error) {
      onError(error, `removing the guest of ${instance_uuid}, which was evacuated`);
    }
  }
  return cleaned;
}
