import { type Instance, PowerState } from '@kilonova/compute-objects';
import type { ManagedHost } from '../host/managed-host.js';

/** Servers whose guests ran when their host went down, and that nobody is doing anything to. */
const ranBefore = ({ vm_state, task_state, power_state }: Instance): boolean =>
  vm_state === 'active' && task_state === null && power_state === PowerState.RUNNING;

/** Makes guests run that did when the host went down, a few at a time. What fails for one is told, and left to the sync of power. */
export async function resumeGuests(
  host: ManagedHost,
  instances: readonly Instance[],
  signal: AbortSignal,
  onError: (error: unknown, what: string) => void,
): Promise<void> {
  const waiting = instances.filter((one) => ranBefore(one) && host.driver.powerState(one.uuid) !== PowerState.RUNNING);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const { uuid } = next;
      await host.driver.powerOn(uuid, signal).catch((error: unknown) => onError(error, `resuming the guest of ${uuid}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const AT_ONCE = 4;
