import { type Instance, PowerState } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { resumeGuests } from './resume-guests.js';

const { RUNNING, SHUTDOWN, PAUSED } = PowerState;
const never = new AbortController().signal;

describe('guests when the agent of a host starts that was down', () => {
  let host: ManagedHost;
  let faults: string[];
  beforeEach(() => {
    host = managedHost([]);
    faults = [];
  });

  /** A server whose guest is off. */
  async function off(given: Partial<Instance> = {}): Promise<Instance> {
    const instance = anInstance({ host: 'h', vm_state: 'active', task_state: null, power_state: RUNNING, ...given });
    await host.driver.spawn({ instance, image: null, admin_password: null }, never);
    await host.driver.powerOff(instance.uuid, 0, never);
    return instance;
  }
  const resume = (instances: readonly Instance[]) =>
    resumeGuests(host, instances, never, (_error, what) => void faults.push(what));

  it('run again where they ran before, however many they are', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => off()));
    await resume(all);
    expect(all.map(({ uuid }) => host.driver.powerState(uuid))).toEqual(all.map(() => RUNNING));
  });

  it.each<Partial<Instance>>([
    { vm_state: 'stopped', power_state: SHUTDOWN },
    { vm_state: 'paused', power_state: PAUSED },
    { power_state: SHUTDOWN },
    { task_state: 'powering-off' },
  ])('stay as they are of a server that is %o', async (given) => {
    const instance = await off(given);
    await resume([instance]);
    expect(host.driver.powerState(instance.uuid)).toBe(SHUTDOWN);
  });

  it('that cannot run keep no others from it', async () => {
    const lost = anInstance({ host: 'h', vm_state: 'active', task_state: null, power_state: RUNNING });
    const fine = await off();
    await resume([lost, fine]);
    expect([host.driver.powerState(fine.uuid), faults]).toEqual([RUNNING, [`resuming the guest of ${lost.uuid}`]]);
  });
});
