import { randomUUID } from 'node:crypto';
import { type Instance, type Migration, PowerState, type Transfer } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { describe, expect, it } from 'vitest';
import type { GuestMove } from './live-migration.port.js';
import { aVif, aVolume, type DriverBench, DriverOnBench, GRACE_SECONDS, never } from './spec-support/driver-on-bench.js';

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

/** What every driver promises of guests that go to other hosts, and come from them. */
export function movingGuestsContract(name: string, bench: () => DriverBench | Promise<DriverBench>): void {
  describe(`the driver ${name}`, () => {
    const at = new DriverOnBench(bench);

    describe('a guest that goes over while it runs', () => {
      const move = (given: Partial<Instance> = {}): GuestMove => ({
        instance: anInstance({ uuid: at.uuid, ...given }),
        migration: aMigration(),
      });
      const goOver = (onTransfer: (transfer: Transfer) => void = () => undefined, signal = never): Promise<void> =>
        at.driver.liveMigrate({ ...move(), blockMigration: null, onTransfer }, signal);

      it('leaves its source, and says how far it is', async () => {
        await at.spawn();
        const told: Transfer[] = [];
        for (const _ of [1, 2]) await goOver((transfer) => void told.push(transfer));
        expect(at.driver.guests()).not.toContain(at.uuid);
        expect(told.at(-1)).toMatchObject({ memory_remaining: 0, disk_remaining: 0 });
        for (const { memory_total, memory_processed, memory_remaining } of told)
          expect(memory_processed + memory_remaining).toBe(memory_total);
        for (const _ of [1, 2]) await at.driver.postLiveMigration(at.uuid, never);
        expect(at.driver.movedAway()).not.toContain(at.uuid);
      });

      it.each([
        ['active', PowerState.RUNNING],
        ['paused', PowerState.PAUSED],
      ] as const)('comes to its destination %s', async (vm_state, power) => {
        await at.driver.checkCanLiveMigrate(move(), never);
        for (const _ of [1, 2]) await at.driver.preLiveMigration(move(), never);
        expect(at.driver.guests()).not.toContain(at.uuid);
        for (const _ of [1, 2]) await at.driver.postLiveMigrationAtDestination(move({ vm_state }), never);
        expect(at.driver.powerState(at.uuid)).toBe(power);
      });

      it('has devices of the host where it is, and none where it was', async () => {
        await at.driver.spawn({ instance: at.instance(), image: null, admin_password: null, devices: [randomUUID()] }, never);
        await goOver();
        expect(at.driver.devices(at.uuid)).toEqual([]);
        const there = randomUUID();
        for (const _ of [1, 2])
          await at.driver.postLiveMigrationAtDestination({ ...move({ vm_state: 'active' }), devices: [there] }, never);
        expect(at.driver.devices(at.uuid)).toEqual([there]);
      });

      it('stays where it is when it is not wanted any more, or has to be there to begin with', async () => {
        await expect(goOver()).rejects.toThrow(Error);
        await at.spawn();
        const aborted = AbortSignal.abort(new Error('not wanted'));
        await expect(goOver(undefined, aborted)).rejects.toThrow('not wanted');
        expect(at.driver.powerState(at.uuid)).toBe(PowerState.RUNNING);
      });

      it('leaves nothing at a destination that it did not come to, and forcing one that does not go does nothing', async () => {
        await at.driver.preLiveMigration(move(), never);
        for (const _ of [1, 2]) await at.driver.rollbackLiveMigrationAtDestination(move());
        await at.driver.forceLiveMigration(at.uuid);
        expect(at.driver.guests()).not.toContain(at.uuid);
      });
    });

    describe('a guest that moves', () => {
      const move = (): GuestMove => ({ instance: at.instance(), migration: aMigration() });
      const away = (): Promise<void> => at.driver.migrateDiskAndPowerOff(move(), GRACE_SECONDS, never);
      const whereabouts = () => [at.driver.guests().includes(at.uuid), at.driver.movedAway().includes(at.uuid)];

      it('leaves its source, where what it needs to come back stays until the move is confirmed', async () => {
        await at.spawn();
        for (const _ of [1, 2]) await away();
        expect([whereabouts(), at.driver.powerState(at.uuid)]).toEqual([[false, true], PowerState.NOSTATE]);
        at.driver = at.restart();
        await at.driver.initHost([]);
        expect(whereabouts()).toEqual([false, true]);
        for (const _ of [1, 2]) await at.driver.confirmMigration(at.uuid, never);
        expect(whereabouts()).toEqual([false, false]);
      });

      it.each([true, false])('is made at its destination, running: %s', async (powerOn) => {
        await at.driver.prepareMigration(move(), never);
        for (const _ of [1, 2]) await at.driver.finishMigration(move(), powerOn, never);
        expect([whereabouts(), at.driver.powerState(at.uuid)]).toEqual([
          [true, false],
          powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN,
        ]);
      });

      it.each([true, false])('comes back to its source, running: %s', async (powerOn) => {
        await at.spawn();
        await away();
        for (const _ of [1, 2]) await at.driver.finishRevertMigration(move(), powerOn, never);
        expect([whereabouts(), at.driver.powerState(at.uuid)]).toEqual([
          [true, false],
          powerOn ? PowerState.RUNNING : PowerState.SHUTDOWN,
        ]);
      });

      it('has its volumes where it is, and not where it was', async () => {
        const volume = aVolume();
        await at.spawn();
        await at.driver.attachVolume(at.uuid, volume, never);
        await away();
        expect(at.driver.volumes(at.uuid)).toEqual([]);
        await at.driver.finishRevertMigration({ ...move(), volumes: [volume] }, true, never);
        expect(at.driver.volumes(at.uuid)).toEqual([volume.volumeId]);
        const [there, other] = [at.driver, randomUUID()];
        await there.finishMigration({ ...move(), instance: { ...at.instance(), uuid: other }, volumes: [volume] }, true, never);
        expect(there.volumes(other)).toEqual([volume.volumeId]);
      });

      it('has its network interfaces where it is, and not where it was', async () => {
        const vif = aVif();
        const withVif = (uuid = at.uuid): GuestMove => ({ ...move(), instance: { ...at.instance(), uuid, network_info: [vif] } });
        await at.spawn();
        await at.driver.attachInterface(at.uuid, vif, never);
        await away();
        expect(at.driver.interfaces(at.uuid)).toEqual([]);
        await at.driver.finishRevertMigration(withVif(), true, never);
        const other = randomUUID();
        await at.driver.finishMigration(withVif(other), true, never);
        expect([at.driver.interfaces(at.uuid), at.driver.interfaces(other)]).toEqual([[vif.port_id], [vif.port_id]]);
      });

      it('has devices of the host where it is, and none where it was', async () => {
        const [here, there] = [randomUUID(), randomUUID()];
        await at.driver.spawn({ instance: at.instance(), image: null, admin_password: null, devices: [here] }, never);
        await away();
        expect(at.driver.devices(at.uuid)).toEqual([]);
        for (const _ of [1, 2]) await at.driver.finishMigration({ ...move(), devices: [there] }, true, never);
        expect(at.driver.devices(at.uuid)).toEqual([there]);
        await at.driver.destroy(at.uuid);
        await at.driver.finishRevertMigration({ ...move(), devices: [here] }, true, never);
        expect(at.driver.devices(at.uuid)).toEqual([here]);
      });

      it('may stay on its host: confirming keeps it, and taking it back makes it as it was', async () => {
        await at.spawn();
        await away();
        await at.driver.finishMigration(move(), true, never);
        expect(whereabouts()).toEqual([true, true]);
        await at.driver.destroy(at.uuid);
        await at.driver.finishRevertMigration(move(), true, never);
        await away();
        await at.driver.finishMigration(move(), true, never);
        await at.driver.confirmMigration(at.uuid, never);
        expect([whereabouts(), at.driver.powerState(at.uuid)]).toEqual([[true, false], PowerState.RUNNING]);
      });

      it('has to be there', async () => {
        await expect(away()).rejects.toThrow(Error);
        await expect(at.driver.finishRevertMigration(move(), true, never)).rejects.toThrow(Error);
      });
    });
  });
}
