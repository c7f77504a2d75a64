import { randomUUID } from 'node:crypto';
import { type Instance, PowerState } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { describe, expect, it } from 'vitest';
import { CAPABILITY_TRAITS, capabilityTraits } from './capabilities.js';
import { movingGuestsContract } from './moving-guests.contract.js';
import { ProviderTree } from './provider-tree.js';
import { aVif, aVolume, type DriverBench, DriverOnBench, GRACE_SECONDS, never } from './spec-support/driver-on-bench.js';
import type { VirtDriver } from './virt-driver.port.js';

type Change = (driver: VirtDriver, uuid: string, signal: AbortSignal) => Promise<void>;

/** What changes a running guest's power, what its power is then, and what makes it run again. */
const CHANGES: ReadonlyArray<{
  readonly name: string;
  readonly there: Change;
  readonly power: PowerState;
  readonly back: Change;
}> = [
  {
    name: 'stops and starts',
    there: (driver, uuid, signal) => driver.powerOff(uuid, GRACE_SECONDS, signal),
    power: PowerState.SHUTDOWN,
    back: (driver, uuid, signal) => driver.powerOn(uuid, signal),
  },
  {
    name: 'pauses and unpauses',
    there: (driver, uuid, signal) => driver.pause(uuid, signal),
    power: PowerState.PAUSED,
    back: (driver, uuid, signal) => driver.unpause(uuid, signal),
  },
  {
    name: 'suspends and resumes',
    there: (driver, uuid, signal) => driver.suspend(uuid, signal),
    power: PowerState.SUSPENDED,
    back: (driver, uuid, signal) => driver.resume(uuid, signal),
  },
];

/** What every driver promises its agent. */
export function driverContract(name: string, bench: () => DriverBench | Promise<DriverBench>): void {
  describe(`the driver ${name}`, () => {
    const at = new DriverOnBench(bench);
    const instance = (): Instance => at.instance();
    const spawn = (driver = at.driver, signal = never): Promise<void> => at.spawn(driver, signal);

    it('spawns a guest that runs, and keeps it when told again', async () => {
      await spawn();
      await spawn();
      expect([at.driver.guests().filter((guest) => guest === at.uuid), at.driver.powerState(at.uuid)]).toEqual([
        [at.uuid],
        PowerState.RUNNING,
      ]);
    });

    it('leaves no guest of a spawn that was not wanted any more', async () => {
      const abort = new AbortController();
      abort.abort(new Error('not wanted'));
      await expect(spawn(at.driver, abort.signal)).rejects.toThrow();
      await at.driver.destroy(at.uuid);
      expect(at.driver.guests()).not.toContain(at.uuid);
    });

    it('destroys, also what is not there', async () => {
      await spawn();
      await at.driver.destroy(at.uuid);
      await at.driver.destroy(at.uuid);
      expect([at.driver.guests().includes(at.uuid), at.driver.powerState(at.uuid)]).toEqual([false, PowerState.NOSTATE]);
    });

    it.each(CHANGES)('$name a guest, each as often as it is told', async ({ there, power, back }) => {
      await spawn();
      for (const _ of [1, 2]) await there(at.driver, at.uuid, never);
      expect(at.driver.powerState(at.uuid)).toBe(power);
      for (const _ of [1, 2]) await back(at.driver, at.uuid, never);
      expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
    });

    const server = () => anInstance({ uuid: at.uuid });
    const larger = { ...anInstance().flavor, vcpus: 3, memory_mb: 4096 };
    const size = async () => {
      const { num_cpus: cpus, memory_details: memory } = await at.driver.diagnostics(server(), never);
      return [cpus, memory.maximum];
    };

    it('gives a guest another flavor while it runs, as often as it is told, or says that it cannot', async () => {
      await spawn();
      const before = await size();
      const resize = () => at.driver.liveResize(server(), larger, never);
      if (at.driver.capabilities().canLiveResize !== true) {
        await expect(resize()).rejects.toMatchObject({ kind: 'not-implemented' });
        return expect(await size()).toEqual(before);
      }
      for (const _ of [1, 2]) await resize();
      expect(await size()).toEqual([larger.vcpus, larger.memory_mb]);
      expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
    });

    it('leaves a guest as it was that was not resized to the end, and has nothing to resize of what is not there', async () => {
      await spawn();
      const before = await size();
      const abort = new AbortController();
      abort.abort(new Error('not wanted'));
      await expect(at.driver.liveResize(server(), larger, abort.signal)).rejects.toThrow();
      expect(await size()).toEqual(before);
      await at.driver.destroy(at.uuid);
      await expect(at.driver.liveResize(server(), larger, never)).rejects.toThrow(Error);
    });

    it.each(CHANGES)('says that what is not there cannot be: $name', async ({ there, back }) => {
      await expect(there(at.driver, at.uuid, never)).rejects.toThrow(Error);
      await expect(back(at.driver, at.uuid, never)).rejects.toThrow(Error);
    });

    it('reboots a guest softly, and hard whatever it is doing; it runs afterwards', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.reboot(at.uuid, 'soft', never);
      expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
      for (const { there } of CHANGES) {
        await there(at.driver, at.uuid, never);
        await at.driver.reboot(at.uuid, 'hard', never);
        expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
      }
      for (const kind of ['soft', 'hard'] as const)
        await expect(at.driver.reboot(randomUUID(), kind, never)).rejects.toThrow(Error);
    });

    it('triggers a crash dump of a guest that is on', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.triggerCrashDump(at.uuid, never);
      await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
      for (const guest of [at.uuid, randomUUID()]) await expect(at.driver.triggerCrashDump(guest, never)).rejects.toThrow(Error);
    });

    it('rescues a guest, also one that is off, and starts it from its own disk again; it runs after both', async () => {
      await spawn();
      await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
      const rescue = (guest: string) => ({ instance: { uuid: guest } as Instance, image: null, admin_password: 'a' });
      for (const _ of [1, 2]) await at.driver.rescue(rescue(at.uuid), never);
      expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
      for (const _ of [1, 2]) await at.driver.unrescue(at.uuid, never);
      expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
      await expect(at.driver.rescue(rescue(randomUUID()), never)).rejects.toThrow(Error);
      await expect(at.driver.unrescue(randomUUID(), never)).rejects.toThrow(Error);
    });

    it('sets the password of a guest that runs', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.setAdminPassword(at.uuid, 'secret', never);
      await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
      for (const guest of [at.uuid, randomUUID()])
        await expect(at.driver.setAdminPassword(guest, 'secret', never)).rejects.toThrow(Error);
    });

    it('spawns a guest with its volumes, which go with it', async () => {
      const [root, data] = [aVolume(), aVolume()];
      await at.driver.spawn({ instance: instance(), image: null, admin_password: null, volumes: [root, data] }, never);
      expect(at.driver.volumes(at.uuid)).toEqual([root.volumeId, data.volumeId]);
      expect(at.restart().volumes(at.uuid)).toEqual([root.volumeId, data.volumeId]);
      await at.driver.destroy(at.uuid);
      expect(at.driver.volumes(at.uuid)).toEqual([]);
    });

    it('attaches and detaches a volume, each as often as it is told', async () => {
      await spawn();
      const disk = aVolume();
      for (const _ of [1, 2]) await at.driver.attachVolume(at.uuid, disk, never);
      expect(at.driver.volumes(at.uuid)).toEqual([disk.volumeId]);
      for (const _ of [1, 2]) await at.driver.detachVolume(at.uuid, disk.volumeId, never);
      expect(at.driver.volumes(at.uuid)).toEqual([]);
      await at.driver.detachVolume(randomUUID(), disk.volumeId, never);
      await expect(at.driver.attachVolume(randomUUID(), disk, never)).rejects.toThrow(Error);
    });

    it('spawns a guest with its network interfaces, which go with it', async () => {
      const [made, had] = [aVif(), aVif()];
      await at.driver.spawn({ instance: instance(), image: null, admin_password: null, interfaces: [made] }, never);
      expect([at.driver.interfaces(at.uuid), at.restart().interfaces(at.uuid)]).toEqual([[made.port_id], [made.port_id]]);
      await at.driver.destroy(at.uuid);
      expect(at.driver.interfaces(at.uuid)).toEqual([]);
      await at.driver.spawn({ instance: { ...instance(), network_info: [had] }, image: null, admin_password: null }, never);
      expect(at.driver.interfaces(at.uuid)).toEqual([had.port_id]);
    });

    it('attaches and detaches a network interface, each as often as it is told', async () => {
      await spawn();
      const vif = aVif();
      for (const _ of [1, 2]) await at.driver.attachInterface(at.uuid, vif, never);
      expect([at.driver.interfaces(at.uuid), at.driver.volumes(at.uuid)]).toEqual([[vif.port_id], []]);
      for (const _ of [1, 2]) await at.driver.detachInterface(at.uuid, vif.port_id, never);
      expect(at.driver.interfaces(at.uuid)).toEqual([]);
      await at.driver.detachInterface(randomUUID(), vif.port_id, never);
      await expect(at.driver.attachInterface(randomUUID(), vif, never)).rejects.toThrow(Error);
    });

    it('swaps a volume for another, as often as it is told, and only one that is there', async () => {
      await spawn();
      const [old, next] = [aVolume(), aVolume()];
      await at.driver.attachVolume(at.uuid, old, never);
      for (const _ of [1, 2]) await at.driver.swapVolume(at.uuid, old.volumeId, next, never);
      expect(at.driver.volumes(at.uuid)).toEqual([next.volumeId]);
      await expect(at.driver.swapVolume(at.uuid, randomUUID(), aVolume(), never)).rejects.toThrow(Error);
    });

    it('sees that a volume has grown, as often as it is told, of what it has', async () => {
      await spawn();
      const disk = aVolume();
      await at.driver.attachVolume(at.uuid, disk, never);
      for (const _ of [1, 2]) await at.driver.extendVolume(at.uuid, disk, 9, never);
      expect(at.driver.volumes(at.uuid)).toEqual([disk.volumeId]);
      await expect(at.driver.extendVolume(at.uuid, aVolume(), 9, never)).rejects.toThrow(Error);
      await expect(at.driver.extendVolume(randomUUID(), disk, 9, never)).rejects.toThrow(Error);
    });

    it('makes and removes snapshots of a volume, of what it has, or says that it cannot', async () => {
      const disk = aVolume();
      await at.driver.spawn({ instance: instance(), image: null, admin_password: null, volumes: [disk] }, never);
      const snapshot = { id: randomUUID(), info: { type: 'qcow2', new_file: 'a' } };
      const make = (of: string) => at.driver.createVolumeSnapshot(at.uuid, of, snapshot, never);
      const first = await make(disk.volumeId).catch((error: unknown) => error);
      if (first !== undefined) return expect(first).toMatchObject({ kind: 'not-implemented' });
      await make(disk.volumeId);
      for (const _ of [1, 2]) await at.driver.deleteVolumeSnapshot(at.uuid, disk.volumeId, snapshot, never);
      await expect(make(randomUUID())).rejects.toThrow();
      await expect(at.driver.deleteVolumeSnapshot(randomUUID(), disk.volumeId, snapshot, never)).rejects.toThrow();
    });

    it('tells how its host reaches storage', () => {
      expect(at.driver.volumeConnector()).toMatchObject({ host: expect.any(String), initiator: expect.any(String) });
    });

    it('tells what a guest wrote to its console, what it counts, and where its console is; of no other', async () => {
      await spawn();
      const guest = anInstance({ uuid: at.uuid });
      expect((await at.driver.consoleOutput(at.uuid, never)).length).toBeGreaterThan(0);
      const { driver, num_cpus, cpu_details, memory_details, native } = await at.driver.diagnostics(guest, never);
      expect([['ironic', 'libvirt', 'vmwareapi', 'xenapi'].includes(driver), num_cpus]).toEqual([true, guest.flavor.vcpus]);
      expect([cpu_details.length, memory_details.maximum]).toEqual([guest.flavor.vcpus, guest.flavor.memory_mb]);
      expect(Object.keys(native).length).toBeGreaterThan(0);
      expect((await at.driver.console(at.uuid, 'vnc', never)).port).toBeGreaterThan(0);
      await at.driver.injectNetworkInfo(at.uuid, never);
      const none = randomUUID();
      await expect(at.driver.consoleOutput(none, never)).rejects.toThrow(Error);
      await expect(at.driver.diagnostics(anInstance({ uuid: none }), never)).rejects.toThrow(Error);
      await expect(at.driver.console(none, 'vnc', never)).rejects.toThrow(Error);
      await expect(at.driver.injectNetworkInfo(none, never)).rejects.toThrow(Error);
    });

    it('makes a guest anew, whatever it was doing and as often as it is told; its volumes stay', async () => {
      const disk = aVolume();
      const request = { instance: instance(), image: null, admin_password: null };
      await at.driver.spawn({ ...request, volumes: [disk] }, never);
      for (const { there } of CHANGES) {
        await there(at.driver, at.uuid, never);
        for (const _ of [1, 2]) await at.driver.rebuild({ ...request, volumes: [disk] }, never);
        expect([at.driver.powerState(at.uuid), at.driver.volumes(at.uuid)]).toEqual([PowerState.RUNNING, [disk.volumeId]]);
      }
      await at.driver.destroy(at.uuid);
      await at.driver.rebuild({ ...request, volumes: [disk] }, never);
      expect([at.driver.powerState(at.uuid), at.driver.volumes(at.uuid)]).toEqual([PowerState.RUNNING, [disk.volumeId]]);
    });

    it('quiesces a guest in which somebody listens and lets it go on, each as often as it is told, or says that it cannot', async () => {
      await spawn();
      const listening = { ...instance(), system_metadata: { image_hw_qemu_guest_agent: 'yes' } };
      const first = await at.driver.quiesce(listening, never).catch((error: unknown) => error);
      if (first !== undefined) expect(first).toMatchObject({ kind: 'not-implemented' });
      else {
        await at.driver.quiesce(listening, never);
        await expect(at.driver.quiesce({ ...listening, system_metadata: {} }, never)).rejects.toMatchObject({
          code: 'virt.guest.no_agent',
        });
        for (const _ of [1, 2]) await at.driver.unquiesce(at.uuid, never);
        await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
        await expect(at.driver.quiesce(listening, never)).rejects.toThrow();
      }
      await at.driver.unquiesce(randomUUID(), never);
    });

    it('makes snapshots of a guest, which goes on as it was; the data comes in pieces', async () => {
      await spawn();
      for (const power of ['on', 'off']) {
        if (power === 'off') await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
        const before = at.driver.powerState(at.uuid);
        const lengths: number[] = [];
        for await (const piece of await at.driver.snapshot(at.uuid, 'raw', never)) lengths.push((piece as Buffer).length);
        expect(lengths.length).toBeGreaterThan(1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(1_048_576);
        expect([at.driver.powerState(at.uuid), at.driver.guests().includes(at.uuid)]).toEqual([before, true]);
      }
      await expect(at.driver.snapshot(randomUUID(), 'raw', never)).rejects.toThrow(Error);
    });

    it('makes no snapshot that is not wanted any more, and stops one that nobody reads on', async () => {
      await spawn();
      const abort = new AbortController();
      abort.abort(new Error('not wanted'));
      await expect(at.driver.snapshot(at.uuid, 'raw', abort.signal)).rejects.toThrow();
      const data = await at.driver.snapshot(at.uuid, 'raw', never);
      data.destroy();
      expect(data.destroyed).toBe(true);
    });

    it('fetches an image beforehand, once, or says that it keeps none', async () => {
      const image = randomUUID();
      const fetch = (signal = never) => at.driver.cacheImage(image, signal);
      await expect(fetch(AbortSignal.abort(new Error('not wanted')))).rejects.toThrow();
      const first = await fetch().catch((error: unknown) => error);
      if (first !== 'cached') expect(first).toMatchObject({ kind: 'not-implemented' });
      else expect(await fetch()).toBe('existing');
    });

    it('finds its guests again, as they were, when its agent starts anew', async () => {
      await spawn();
      await at.driver.powerOff(at.uuid, GRACE_SECONDS, never);
      const next = at.restart();
      await next.initHost([]);
      expect([next.guests().includes(at.uuid), next.powerState(at.uuid)]).toEqual([true, PowerState.SHUTDOWN]);
      await next.destroy(at.uuid);
      expect(at.restart().guests()).not.toContain(at.uuid);
    });

    it('is given devices with a guest, which are its own until it goes, also over a restart', async () => {
      const devices = [randomUUID(), randomUUID()];
      await at.driver.spawn({ instance: instance(), image: null, admin_password: null, devices }, never);
      expect([at.driver.devices(at.uuid), at.restart().devices(at.uuid)]).toEqual([devices, devices]);
      await at.driver.rebuild({ instance: instance(), image: null, admin_password: null, devices }, never);
      await at.driver.reboot(at.uuid, 'hard', never);
      expect([at.driver.devices(at.uuid), at.driver.volumes(at.uuid)]).toEqual([devices, []]);
      await at.driver.destroy(at.uuid);
      expect(at.driver.devices(at.uuid)).toEqual([]);
    });

    it('names its nodes, what they are, and makes of any tree the same tree of its own', async () => {
      const nodes = at.driver.nodes();
      expect(nodes.length).toBeGreaterThan(0);
      for (const node of nodes) {
        expect(at.driver.nodeFacts(node).vcpus).toBeGreaterThan(0);
        const tree = new ProviderTree(node);
        await at.driver.updateProviderTree(tree, node);
        const made = tree.reports();
        expect([made[0]?.name, made[0]?.parent]).toEqual([node, null]);
        expect(made.flatMap(({ inventories }) => Object.keys(inventories))).toEqual(
          expect.arrayContaining(['VCPU', 'MEMORY_MB']),
        );
        const again = new ProviderTree(node, made);
        await at.driver.updateProviderTree(again, node);
        expect(again.reports()).toEqual(made);
      }
    });

    it('says what it can do, in traits', () => {
      for (const trait of capabilityTraits(at.driver.capabilities())) expect(CAPABILITY_TRAITS).toContain(trait);
    });
  });
  movingGuestsContract(name, bench);
}
