import { randomUUID } from 'node:crypto';
import { type Instance, type Migration, PowerState, type Transfer } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GuestVolume } from './guest-volume.js';
import type { GuestMove } from './live-migration.port.js';
import type { VirtDriver } from './virt-driver.port.js';

/** A driver under test: `restart` gives the driver of an agent that starts anew on the same hypervisor. */
export interface DriverBench {
  readonly driver: VirtDriver;
  restart(): VirtDriver;
}

const GRACE_SECONDS = 1;

const aMigration = (): Migration => ({
  uuid: randomUUID(),
  migration_type: 'migration',
  source_compute: 'h1',
  source_node: 'h1',
  dest_compute: 'h2',
  dest_node: 'h2',
  old_flavor: null,
  new_flavor: null,
});

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

    it.each(CHANGES)('$name a guest, each as often as it is told', async ({ there, power, back }) => {
      await spawn();
      for (const _ of [1, 2]) await there(at.driver, uuid, never);
      expect(at.driver.powerState(uuid)).toBe(power);
      for (const _ of [1, 2]) await back(at.driver, uuid, never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
    });

    it.each(CHANGES)('says that what is not there cannot be: $name', async ({ there, back }) => {
      await expect(there(at.driver, uuid, never)).rejects.toThrow(Error);
      await expect(back(at.driver, uuid, never)).rejects.toThrow(Error);
    });

    it('reboots a guest softly, and hard whatever it is doing; it runs afterwards', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.reboot(uuid, 'soft', never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
      for (const { there } of CHANGES) {
        await there(at.driver, uuid, never);
        await at.driver.reboot(uuid, 'hard', never);
        expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
      }
      for (const kind of ['soft', 'hard'] as const)
        await expect(at.driver.reboot(randomUUID(), kind, never)).rejects.toThrow(Error);
    });

    it('triggers a crash dump of a guest that is on', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.triggerCrashDump(uuid, never);
      await at.driver.powerOff(uuid, GRACE_SECONDS, never);
      for (const guest of [uuid, randomUUID()]) await expect(at.driver.triggerCrashDump(guest, never)).rejects.toThrow(Error);
    });

    it('rescues a guest, also one that is off, and starts it from its own disk again; it runs after both', async () => {
      await spawn();
      await at.driver.powerOff(uuid, GRACE_SECONDS, never);
      const rescue = (guest: string) => ({ instance: { uuid: guest } as Instance, image: null, admin_password: 'a' });
      for (const _ of [1, 2]) await at.driver.rescue(rescue(uuid), never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
      for (const _ of [1, 2]) await at.driver.unrescue(uuid, never);
      expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
      await expect(at.driver.rescue(rescue(randomUUID()), never)).rejects.toThrow(Error);
      await expect(at.driver.unrescue(randomUUID(), never)).rejects.toThrow(Error);
    });

    it('sets the password of a guest that runs', async () => {
      await spawn();
      for (const _ of [1, 2]) await at.driver.setAdminPassword(uuid, 'secret', never);
      await at.driver.powerOff(uuid, GRACE_SECONDS, never);
      for (const guest of [uuid, randomUUID()])
        await expect(at.driver.setAdminPassword(guest, 'secret', never)).rejects.toThrow(Error);
    });

    const volume = (): GuestVolume => ({
      volumeId: randomUUID(),
      deviceName: '/dev/vdb',
      bootIndex: null,
      diskBus: null,
      deviceType: null,
      tag: null,
      connection: {},
    });

    it('spawns a guest with its volumes, which go with it', async () => {
      const [root, data] = [volume(), volume()];
      await at.driver.spawn({ instance: instance(), image: null, admin_password: null, volumes: [root, data] }, never);
      expect(at.driver.volumes(uuid)).toEqual([root.volumeId, data.volumeId]);
      expect(at.restart().volumes(uuid)).toEqual([root.volumeId, data.volumeId]);
      await at.driver.destroy(uuid);
      expect(at.driver.volumes(uuid)).toEqual([]);
    });

    it('attaches and detaches a volume, each as often as it is told', async () => {
      await spawn();
      const disk = volume();
      for (const _ of [1, 2]) await at.driver.attachVolume(uuid, disk, never);
      expect(at.driver.volumes(uuid)).toEqual([disk.volumeId]);
      for (const _ of [1, 2]) await at.driver.detachVolume(uuid, disk.volumeId, never);
      expect(at.driver.volumes(uuid)).toEqual([]);
      await at.driver.detachVolume(randomUUID(), disk.volumeId, never);
      await expect(at.driver.attachVolume(randomUUID(), disk, never)).rejects.toThrow(Error);
    });

    it('swaps a volume for another, as often as it is told, and only one that is there', async () => {
      await spawn();
      const [old, next] = [volume(), volume()];
      await at.driver.attachVolume(uuid, old, never);
      for (const _ of [1, 2]) await at.driver.swapVolume(uuid, old.volumeId, next, never);
      expect(at.driver.volumes(uuid)).toEqual([next.volumeId]);
      await expect(at.driver.swapVolume(uuid, randomUUID(), volume(), never)).rejects.toThrow(Error);
    });

    it('tells how its host reaches storage', () => {
      expect(at.driver.volumeConnector()).toMatchObject({ host: expect.any(String), initiator: expect.any(String) });
    });

    it('tells what a guest wrote to its console, what it counts, and where its console is; of no other', async () => {
      await spawn();
      const guest = anInstance({ uuid });
      expect((await at.driver.consoleOutput(uuid, never)).length).toBeGreaterThan(0);
      const { driver, num_cpus, cpu_details, memory_details, native } = await at.driver.diagnostics(guest, never);
      expect([['ironic', 'libvirt', 'vmwareapi', 'xenapi'].includes(driver), num_cpus]).toEqual([true, guest.flavor.vcpus]);
      expect([cpu_details.length, memory_details.maximum]).toEqual([guest.flavor.vcpus, guest.flavor.memory_mb]);
      expect(Object.keys(native).length).toBeGreaterThan(0);
      expect((await at.driver.console(uuid, 'vnc', never)).port).toBeGreaterThan(0);
      await at.driver.injectNetworkInfo(uuid, never);
      const none = randomUUID();
      await expect(at.driver.consoleOutput(none, never)).rejects.toThrow(Error);
      await expect(at.driver.diagnostics(anInstance({ uuid: none }), never)).rejects.toThrow(Error);
      await expect(at.driver.console(none, 'vnc', never)).rejects.toThrow(Error);
      await expect(at.driver.injectNetworkInfo(none, never)).rejects.toThrow(Error);
    });

    it('makes a guest anew, whatever it was doing and as often as it is told; its volumes stay', async () => {
      const disk = volume();
      const request = { instance: instance(), image: null, admin_password: null };
      await at.driver.spawn({ ...request, volumes: [disk] }, never);
      for (const { there } of CHANGES) {
        await there(at.driver, uuid, never);
        for (const _ of [1, 2]) await at.driver.rebuild({ ...request, volumes: [disk] }, never);
        expect([at.driver.powerState(uuid), at.driver.volumes(uuid)]).toEqual([PowerState.RUNNING, [disk.volumeId]]);
      }
      await at.driver.destroy(uuid);
      await at.driver.rebuild(request, never);
      expect([at.driver.guests().includes(uuid), at.driver.powerState(uuid)]).toEqual([true, PowerState.RUNNING]);
    });

    it('makes snapshots of a guest, which goes on as it was; the data comes in pieces', async () => {
      await spawn();
      for (const power of ['on', 'off']) {
        if (power === 'off') await at.driver.powerOff(uuid, GRACE_SECONDS, never);
        const before = at.driver.powerState(uuid);
        const lengths: number[] = [];
        for await (const piece of await at.driver.snapshot(uuid, 'raw', never)) lengths.push((piece as Buffer).length);
        expect(lengths.length).toBeGreaterThan(1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(1_048_576);
        expect([at.driver.powerState(uuid), at.driver.guests().includes(uuid)]).toEqual([before, true]);
      }
      await expect(at.driver.snapshot(randomUUID(), 'raw', never)).rejects.toThrow(Error);
    });

    it('makes no snapshot that is not wanted any more, and stops one that nobody reads on', async () => {
      await spawn();
      const abort = new AbortController();
      abort.abort(new Error('not wanted'));
      await expect(at.driver.snapshot(uuid, 'raw', abort.signal)).rejects.toThrow();
      const data = await at.driver.snapshot(uuid, 'raw', never);
      data.destroy();
      expect(data.destroyed).toBe(true);
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

    describe('a guest that goes over while it runs', () => {
      const move = (given: Partial<Instance> = {}): GuestMove => ({
        instance: anInstance({ uuid, ...given }),
        migration: aMigration(),
      });
      const goOver = (onTransfer: (transfer: Transfer) => void = () => undefined, signal = never): Promise<void> =>
        at.driver.liveMigrate({ ...move(), blockMigration: null, onTransfer }, signal);

      it('leaves its source, and says how far it is', async () => {
        await spawn();
        const told: Transfer[] = [];
        for (const _ of [1, 2]) await goOver((transfer) => void told.push(transfer));
        expect(at.driver.guests()).not.toContain(uuid);
        expect(told.at(-1)).toMatchObject({ memory_remaining: 0, disk_remaining: 0 });
        for (const { memory_total, memory_processed, memory_remaining } of told)
          expect(memory_processed + memory_remaining).toBe(memory_total);
        for (const _ of [1, 2]) await at.driver.postLiveMigration(uuid, never);
        expect(at.driver.movedAway()).not.toContain(uuid);
      });

      it.each([
        ['active', PowerState.RUNNING],
        ['paused', PowerState.PAUSED],
      ] as const)('comes to its destination %s', async (vm_state, power) => {
        await at.driver.checkCanLiveMigrate(move(), never);
        for (const _ of [1, 2]) await at.driver.preLiveMigration(move(), never);
        expect(at.driver.guests()).not.toContain(uuid);
        for (const _ of [1, 2]) await at.driver.postLiveMigrationAtDestination(move({ vm_state }), never);
        expect(at.driver.powerState(uuid)).toBe(power);
      });

      it('stays where it is when it is not wanted any more, or has to be there to begin with', async () => {
        await expect(goOver()).rejects.toThrow(Error);
        await spawn();
        const aborted = AbortSignal.abort(new Error('not wanted'));
        await expect(goOver(undefined, aborted)).rejects.toThrow('not wanted');
        expect(at.driver.powerState(uuid)).toBe(PowerState.RUNNING);
      });

      it('leaves nothing at a destination that it did not come to, and forcing one that does not go does nothing', async () => {
        await at.driver.preLiveMigration(move(), never);
        for (const _ of [1, 2]) await at.driver.rollbackLiveMigrationAtDestination(move());
        await at.driver.forceLiveMigration(uuid);
        expect(at.driver.guests()).not.toContain(uuid);
      });
    });

    describe('a guest that moves', () => {
      const move = (): GuestMove => ({ instance: instance(), migration: aMigration() });
      const away = (): Promise<void> => at.driver.migrateDiskAndPowerOff(move(), GRACE_SECONDS, never);
      const whereabouts = () => [at.driver.guests().includes(uuid), at.driver.movedAway().includes(uuid)];

      it('leaves its source, where what it needs to come back stays until the move is confirmed', async () => {
        await spawn();
        for (const _ of [1, 2]) await away();
        expect([whereabouts(), at.driver.powerState(uuid)]).toEqual([[false, true], PowerState.NOSTATE]);
        at = { ...at, driver: at.restart() };
        await at.driver.initHost([]);
        expect(whereabouts()).toEqual([false, true]);
        for (const _ of [1, 2]) await at.driver.confirmMigration(uuid, never);
        expect(whereabouts()).toEqual([false, false]);
      });

      it.each([true, false])('is made at its destination, running: %s', async (powerOn) => {
        await at.driver.prepareMigration(move(), never);
        for (const _ of [1, 2]) await at.driver.finishMigration(move(), powerOn, never);
        expect([whereabouts(), at.driver.powerState(uuid)]).toEqual([
          [true, false],
          powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN,
        ]);
      });

      it.each([true, false])('comes back to its source, running: %s', async (powerOn) => {
        await spawn();
        await away();
        for (const _ of [1, 2]) await at.driver.finishRevertMigration(move(), powerOn, never);
        expect([whereabouts(), at.driver.powerState(uuid)]).toEqual([
          [true, false],
          powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN,
        ]);
      });

      it('has its volumes where it is, and not where it was', async () => {
        const volume = {
          volumeId: randomUUID(),
          deviceName: '/dev/vdb',
          bootIndex: null,
          diskBus: null,
          deviceType: null,
          tag: null,
          connection: {},
        };
        await spawn();
        await at.driver.attachVolume(uuid, volume, never);
        await away();
        expect(at.driver.volumes(uuid)).toEqual([]);
        await at.driver.finishRevertMigration({ ...move(), volumes: [volume] }, true, never);
        expect(at.driver.volumes(uuid)).toEqual([volume.volumeId]);
        const [there, other] = [at.driver, randomUUID()];
        await there.finishMigration({ ...move(), instance: { ...instance(), uuid: other }, volumes: [volume] }, true, never);
        expect(there.volumes(other)).toEqual([volume.volumeId]);
      });

      it('may stay on its host: confirming keeps it, and taking it back makes it as it was', async () => {
        await spawn();
        await away();
        await at.driver.finishMigration(move(), true, never);
        expect(whereabouts()).toEqual([true, true]);
        await at.driver.destroy(uuid);
        await at.driver.finishRevertMigration(move(), true, never);
        await away();
        await at.driver.finishMigration(move(), true, never);
        await at.driver.confirmMigration(uuid, never);
        expect([whereabouts(), at.driver.powerState(uuid)]).toEqual([[true, false], PowerState.RUNNING]);
      });

      it('has to be there', async () => {
        await expect(away()).rejects.toThrow(Error);
        await expect(at.driver.finishRevertMigration(move(), true, never)).rejects.toThrow(Error);
      });
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
