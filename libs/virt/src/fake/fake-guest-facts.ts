import type { ConsoleAddress, GuestDiagnostics, Instance } from '@kilonova/compute-objects';

const NANOSECONDS = 1_000_000_000;

/** What a simulated guest writes to its console while it starts. */
export const consoleText = (uuid: string): string =>
  [
    'Simulated firmware: memory and devices found.',
    'Simulated loader: the kernel is read.',
    '[    0.000000] A simulated guest begins.',
    '[    0.000000] No instruction of it is carried out.',
    '[    0.010000] clock: ticking',
    '[    0.020000] cpu: all online',
    '[    0.030000] disk: vda found',
    '[    0.040000] console: ttyS0',
    '[    0.050000] mounts: root is writable',
    '[    0.060000] services: none',
    `[    0.070000] guest ${uuid}`,
    'login:',
  ].join('\n');

/** The console of a simulated guest: the address is well formed, and nobody listens there. */
export const consoleAddress = (uuid: string): ConsoleAddress => ({
  host: '127.0.0.1',
  port: 5900,
  tls_port: null,
  internal_access_path: uuid,
});

/** Counters of a simulated guest that has done nothing. @param uptime seconds */
export function guestDiagnostics(instance: Instance, uptime: number): GuestDiagnostics {
  const { vcpus, memory_mb: memoryMb } = instance.flavor;
  const cpus = Array.from({ length: vcpus }, (_, id) => id);
  return {
    native: {
      ...Object.fromEntries(cpus.map((id) => [`cpu${id}_time`, uptime * NANOSECONDS])),
      memory: memoryMb * 1024,
      vda_errors: 0,
      vda_read: 0,
      vda_read_req: 0,
      vda_write: 0,
      vda_write_req: 0,
    },
    // The API has a closed list of drivers, without a simulated one: it is told as the one whose guests it stands for.
    driver: 'libvirt',
    hypervisor: 'fake',
    hypervisor_os: 'fake',
    uptime,
    config_drive: instance.config_drive !== '',
    num_cpus: vcpus,
    num_nics: 0,
    num_disks: 1,
    cpu_details: cpus.map((id) => ({ id, time: uptime * NANOSECONDS, utilisation: 0 })),
    nic_details: [],
    disk_details: [{ errors_count: 0, read_bytes: 0, read_requests: 0, write_bytes: 0, write_requests: 0 }],
    memory_details: { maximum: memoryMb, used: memoryMb },
  };
}
