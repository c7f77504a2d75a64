import type { Transfer } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeDriver } from './fake.driver.js';
import { DEFAULT_BEHAVIOUR, type FakeBehaviour } from './fake-behaviour.js';

const never = new AbortController().signal;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe('a simulated guest that goes over', () => {
  const instance = anInstance();
  const migration = { uuid: 'm' } as never;
  let behaviour: Partial<FakeBehaviour>;
  let told: Transfer[];
  let driver: FakeDriver;
  beforeEach(async () => {
    [behaviour, told] = [{}, []];
    driver = new FakeDriver('h', { vcpus: 4, memoryMb: 4096, diskGb: 100 }, () => ({ ...DEFAULT_BEHAVIOUR, ...behaviour }));
    await driver.spawn({ instance, image: null, admin_password: null }, never);
  });
  const goOver = (blockMigration: boolean | null = null, signal = never) =>
    driver.liveMigrate({ instance, migration, blockMigration, onTransfer: (transfer) => void told.push(transfer) }, signal);

  it('takes its time, and says how far it is', async () => {
    behaviour = { delaysMs: { liveMigrate: 60 } };
    await goOver(true);
    const { memory_mb, root_gb, ephemeral_gb } = instance.flavor;
    expect(told[0]).toEqual({
      memory_total: memory_mb * MIB,
      memory_processed: 0,
      memory_remaining: memory_mb * MIB,
      disk_total: (root_gb + ephemeral_gb) * GIB,
      disk_processed: 0,
      disk_remaining: (root_gb + ephemeral_gb) * GIB,
    });
    expect(told.length).toBeGreaterThan(2);
    expect(told.map((one) => one.memory_processed)).toEqual(told.map((one) => one.memory_processed).sort((a, b) => a - b));
  });

  it('goes at once when it is forced to', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    const gone = goOver();
    await driver.forceLiveMigration(instance.uuid);
    await gone;
    expect([driver.guests(), told.at(-1)?.memory_remaining]).toEqual([[], 0]);
  });

  it('stays when it is aborted on the way, or set to fail', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    const abort = new AbortController();
    const aborted = goOver(null, abort.signal);
    abort.abort(new Error('not wanted'));
    await expect(aborted).rejects.toThrow('not wanted');
    behaviour = { failing: ['*:liveMigrate'] };
    await expect(goOver()).rejects.toThrow('is set to fail at liveMigrate');
    expect(driver.guests()).toEqual([instance.uuid]);
  });

  it('has to run', async () => {
    await driver.powerOff(instance.uuid, 0, never);
    await expect(goOver()).rejects.toThrow('does not run');
  });
});
