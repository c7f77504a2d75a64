import { randomUUID } from 'node:crypto';
import { type Instance, PowerState } from '@kilonova/compute-objects';
import { beforeEach, describe, expect, it } from 'vitest';
import type { VirtDriver } from './virt-driver.port.js';

/** A driver under test: `restart` gives the driver of an agent that starts anew on the same hypervisor. */
export interface DriverBench {
  readonly driver: VirtDriver;
  restart(): VirtDriver;
}

const GRACE_SECONDS = 1;

/** What every driver promises its agent. */
export function driverContract(name: string, bench: () => DriverBench | Promise<DriverBench>): void {
  describe(`the driver ${name}`, () => {
    const never = new AbortController().signal;
    let at: DriverBench;
    let uuid: string;
    const instance = (): Instance => ({ uuid, vm_state: 'building' }) as Instance;
    const spawn = (driver = at.driver, signal = never): Promise<void> =>
      driver.spawn({ instance: instance(), image: null, admin_password: null }, signal);

    beforeEach(async () => {
      at = await bench();
      uuid = randomUUID();
    });

    it('spawns a guest that runs, and keeps it when told again', async () => {
      await spawn();
      await spawn();
      expect([at.driver.guests().filter((guest) => guest === uuid), at.driver.powerState(uuid)]).toEqual([
        [uuid],
        PowerState.RUNNING,
      ]);
    });

    it('leaves no guest of a spawn that was not wanted any more', async () => {
      const abort = new AbortController();
      abort.abort(new Error('not wanted'));
      await expect(spawn(at.driver, abort.signal)).rejects.toThrow();
      await at.driver.destroy(uuid);
      expect(at.driver.guests()).not.toContain(uuid);
    });

    it('destroys, also what is not there', async () => {
      await spawn();
      await at.driver.destroy(uuid);
      await at.driver.destroy(uuid);
      expect([at.driver.guests().includes(uuid), at.driver.powerState(uuid)]).toEqual([false, PowerState.NOSTATE]);
    });

    it('stops and starts a guest, each as often as it is told', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.powerOff(uuid, GRACE_SECONDS, never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.SHUTDOWN);
      for (const _ of [1, 2]) await at.driver.powerOn(uuid, never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
    });

    it('says that it cannot stop or start what is not there', async () => {
      await expect(at.driver.powerOff(uuid, GRACE_SECONDS, never)).rejects.toThrow(Error);
      await expect(at.driver.powerOn(uuid, never)).rejects.toThrow(Error);
    });

    it('finds its guests again, as they were, when its agent starts anew', async () => {
      await spawn();
      await at.driver.powerOff(uuid, GRACE_SECONDS, never);
      const next = at.restart();
      await next.initHost([]);
      expect([next.guests().includes(uuid), next.powerState(uuid)]).toEqual([true, PowerState.SHUTDOWN]);
      await next.destroy(uuid);
      expect(at.restart().guests()).not.toContain(uuid);
    });

    it('names its nodes, what they are, and a tree whose root is named like the node', () => {
      const nodes = at.driver.nodes();
      expect(nodes.length).toBeGreaterThan(0);
      for (const node of nodes) {
        expect(at.driver.nodeFacts(node).vcpus).toBeGreaterThan(0);
        const [root, ...children] = at.driver.providerTree(node);
        expect([root?.name, root?.parent]).toEqual([node, null]);
        expect(children.every((child) => child.parent !== null)).toBe(true);
      }
    });
  });
}
