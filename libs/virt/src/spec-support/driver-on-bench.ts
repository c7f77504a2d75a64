import { randomUUID } from 'node:crypto';
import type { Instance, Vif } from '@kilonova/compute-objects';
import { beforeEach } from 'vitest';
import type { GuestVolume } from '../guest-volume.js';
import type { VirtDriver } from '../virt-driver.port.js';

/** A driver under test: `restart` gives the driver of an agent that starts anew on the same hypervisor. */
export interface DriverBench {
  readonly driver: VirtDriver;
  restart(): VirtDriver;
}

export const GRACE_SECONDS = 1;
/** Of what is always wanted. */
export const never = new AbortController().signal;

export const aVolume = (): GuestVolume => ({
  volumeId: randomUUID(),
  deviceName: '/dev/vdb',
  bootIndex: null,
  diskBus: null,
  deviceType: null,
  tag: null,
  connection: {},
});

export const aVif = (): Vif => ({
  port_id: randomUUID(),
  network_id: randomUUID(),
  label: 'net',
  mac_address: 'fa:16:3e:00:00:01',
  fixed_ips: [],
  port_state: 'ACTIVE',
  preserve: false,
  tag: null,
});

/** A driver with the uuid of one guest, both new for each test. Make it inside of a `describe`. */
export class DriverOnBench {
  driver!: VirtDriver;
  uuid = '';
  restart!: () => VirtDriver;

  constructor(bench: () => DriverBench | Promise<DriverBench>) {
    beforeEach(async () => {
      const made = await bench();
      this.driver = made.driver;
      this.restart = () => made.restart();
      this.uuid = randomUUID();
    });
  }

  instance(): Instance {
    return { uuid: this.uuid, vm_state: 'building', network_info: [] as readonly Vif[] } as Instance;
  }

  spawn(driver = this.driver, signal = never): Promise<void> {
    return driver.spawn({ instance: this.instance(), image: null, admin_password: null }, signal);
  }
}
