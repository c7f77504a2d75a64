import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance } from '@kilonova/compute-objects';
import { describe, expect, it, onTestFinished } from 'vitest';
import { driverContract } from '../virt-driver.contract.js';
import { FakeDriver } from './fake.driver.js';
import { behaviourFromFile, DEFAULT_BEHAVIOUR, delayOf } from './fake-behaviour.js';
import type { FakeHardware } from './fake-hardware.js';
import { GuestDevices } from './guest-devices.js';
import { GuestMemory } from './guest-memory.js';
import { GuestPlugs } from './guest-plugs.js';

const size = { vcpus: 4, memoryMb: 4096, diskGb: 100 };
const never = new AbortController().signal;
const instance = (uuid: string, vm_state: Instance['vm_state'] = 'building') => ({ uuid, vm_state }) as Instance;
const spawn = (driver: FakeDriver, uuid: string, signal = never) =>
  driver.spawn({ instance: instance(uuid), image: null, admin_password: null }, signal);

/** A simulated host that was given other hardware passes as well. */
const HARDWARE: Readonly<Record<string, FakeHardware>> = {
  fake: {},
  'fake with cells, cards and shared storage': {
    numaCells: 2,
    gpus: [{ name: 'pgpu0', vgpus: 4, numaCell: 1, traits: ['CUSTOM_NVIDIA_11'] }],
    cards: [{ name: 'nic0', resourceClass: 'CUSTOM_PCI_15B3_1018', devices: 2 }],
    sharedDisk: { name: 'ceph', totalGb: 1000, aggregate: randomUUID() },
  },
  'fake with flat cards': { gpuLayout: 'flat', gpus: [{ name: 'pgpu0', vgpus: 4 }] },
};

for (const [name, hardware] of Object.entries(HARDWARE))
  driverContract(name, () => {
    const folder = mkdtempSync(join(tmpdir(), 'guests-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const open = () => {
      const plugs = new GuestPlugs((kind) => join(folder, kind));
      return new FakeDriver(
        'h',
        size,
        () => DEFAULT_BEHAVIOUR,
        new GuestMemory(join(folder, 'h')),
        plugs,
        () => hardware,
      );
    };
    return { driver: open(), restart: open };
  });

describe('the memory of guests', () => {
  const fileOf = () => {
    const folder = mkdtempSync(join(tmpdir(), 'guests-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return join(folder, 'state', 'h');
  };

  it('passes over a line that a crash cut short, and goes on after it', () => {
    const file = fileOf();
    const [kept, torn, later] = [randomUUID(), randomUUID(), randomUUID()];
    new GuestMemory(file).set(kept, 1);
    appendFileSync(file, torn.slice(0, 20));
    new GuestMemory(file).set(later, 4);
    expect(new GuestMemory(file).uuids()).toEqual([kept, later]);
  });

  it('does not grow with what is gone', () => {
    const file = fileOf();
    const memory = new GuestMemory(file);
    for (let n = 0; n < 100; n++) {
      const uuid = randomUUID();
      memory.set(uuid, 1);
      memory.delete(uuid);
    }
    expect(new GuestMemory(file).uuids()).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

describe('the simulated hypervisor', () => {
  it('spawns, spawns again without harm, and destroys, also what is not there', async () => {
    const driver = new FakeDriver('h', size, () => DEFAULT_BEHAVIOUR);
    await spawn(driver, 'a');
    await spawn(driver, 'a');
    expect([driver.guests(), driver.powerState('a')]).toEqual([['a'], 1]);
    await driver.destroy('a');
    await driver.destroy('a');
    expect(driver.guests()).toEqual([]);
  });

  it('brings back at start the guests that the database knows, and not those still being built', async () => {
    const driver = new FakeDriver('h', size, () => DEFAULT_BEHAVIOUR);
    await driver.initHost([instance('a', 'active'), instance('b', 'stopped'), instance('c', 'building'), instance('d', 'error')]);
    expect([driver.guests(), driver.powerState('b')]).toEqual([['a', 'b'], 4]);
  });

  it('takes as long as it is told to, for a method on a host, a method, or all', async () => {
    const delaysMs = { 'h:powerOn': 1, powerOn: 2, spawn: 3, '*': 4 };
    const behaviour = { ...DEFAULT_BEHAVIOUR, delaysMs, spawnDelayMs: 9, destroyDelayMs: 9 };
    expect([
      delayOf(behaviour, 'h', 'powerOn'),
      delayOf(behaviour, 'other', 'powerOn'),
      delayOf(behaviour, 'h', 'spawn'),
      delayOf(behaviour, 'h', 'destroy'),
      delayOf({ ...behaviour, delaysMs: {} }, 'h', 'destroy'),
    ]).toEqual([1, 2, 3, 4, 9]);
  });

  it('fails where it is told to, and leaves no guest', async () => {
    const driver = new FakeDriver('h', size, () => ({ ...DEFAULT_BEHAVIOUR, brokenHosts: ['h'] }));
    await expect(spawn(driver, 'a')).rejects.toThrow('set to fail');
    expect(driver.guests()).toEqual([]);
  });

  it('fails, and takes its time, by method and host', async () => {
    let behaviour = { ...DEFAULT_BEHAVIOUR, failing: ['h:powerOff'] };
    const driver = new FakeDriver('h', size, () => behaviour);
    await spawn(driver, 'a');
    await expect(driver.powerOff('a', 0, never)).rejects.toThrow('set to fail at powerOff');
    expect(driver.powerState('a')).toBe(1);
    behaviour = { ...DEFAULT_BEHAVIOUR, failing: ['other:powerOff'], delaysMs: { powerOff: 60_000, 'h:powerOff': 0 } as never };
    await driver.powerOff('a', 0, never);
    expect(driver.powerState('a')).toBe(4);
  });

  it('stops a spawn that is not wanted any more', async () => {
    const driver = new FakeDriver('h', size, () => ({ ...DEFAULT_BEHAVIOUR, spawnDelayMs: 60_000 }));
    const abort = new AbortController();
    const spawning = spawn(driver, 'a', abort.signal);
    abort.abort(new Error('deleted'));
    await expect(spawning).rejects.toThrow('deleted');
  });

  it('follows its behaviour file while it runs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'behaviour.json');
    const told: string[] = [];
    const behaviour = behaviourFromFile(DEFAULT_BEHAVIOUR, file, (fault) => told.push(fault));
    expect(behaviour()).toEqual(DEFAULT_BEHAVIOUR);
    writeFileSync(file, '{"brokenHosts":["h"]}');
    expect(behaviour().brokenHosts).toEqual(['h']);
    writeFileSync(file, 'not json');
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    expect([behaviour(), behaviour()]).toEqual([DEFAULT_BEHAVIOUR, DEFAULT_BEHAVIOUR]);
    expect(told).toEqual([expect.stringContaining('behaviour.json: is no JSON')]);
  });
});
