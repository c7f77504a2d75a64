import type { PowerState } from './states.js';

/** How a console is spoken to, and by which kind of client. Source: the published list of remote consoles. */
export const CONSOLE_PROTOCOLS = ['vnc', 'spice', 'serial', 'mks'] as const;
export type ConsoleProtocol = (typeof CONSOLE_PROTOCOLS)[number];

/** Where a hypervisor offers the console of a guest. */
export interface ConsoleAddress {
  readonly host: string;
  readonly port: number;
  readonly tls_port: number | null;
  /** What the hypervisor wants to be told first. */
  readonly internal_access_path: string | null;
}

/** The same with the address of the proxy that clients are sent to; its token is still to be added. */
export interface ConsoleAccess extends ConsoleAddress {
  readonly access_url_base: string;
}

/** Counters of a guest; null is what the hypervisor does not count. Times in nanoseconds, rates in bits a second. */
export interface GuestDiagnostics {
  /** The hypervisor's own names and numbers. */
  readonly native: Readonly<Record<string, number>>;
  /** Source: the published list of drivers that tell diagnostics. */
  readonly driver: 'ironic' | 'libvirt' | 'vmwareapi' | 'xenapi';
  readonly hypervisor: string | null;
  readonly hypervisor_os: string | null;
  /** Seconds. */
  readonly uptime: number | null;
  readonly config_drive: boolean;
  readonly num_cpus: number | null;
  readonly num_nics: number | null;
  readonly num_disks: number | null;
  readonly cpu_details: ReadonlyArray<Counters<'id' | 'time' | 'utilisation'>>;
  readonly nic_details: ReadonlyArray<{ readonly mac_address: string | null } & Counters<NicCounter>>;
  readonly disk_details: ReadonlyArray<Counters<DiskCounter>>;
  /** MiB. */
  readonly memory_details: Counters<'maximum' | 'used'>;
}

type Counters<Name extends string> = Readonly<Record<Name, number | null>>;
type OfDirection<Way extends string> = `${Way}_${'drop' | 'errors' | 'octets' | 'packets' | 'rate'}`;
type NicCounter = OfDirection<'rx'> | OfDirection<'tx'>;
type DiskCounter = 'errors_count' | `${'read' | 'write'}_${'bytes' | 'requests'}`;

/**
 * Why an agent has nothing to tell of a guest. `unsupported`: its hypervisor has no such thing; `absent`: there is no such
 * guest on the host; `failed`: the hypervisor did not manage, and the agent's log says why.
 */
export interface NothingTold {
  readonly outcome: 'unsupported' | 'absent' | 'failed';
}

export type ConsoleOutput = { readonly outcome: 'told'; readonly output: string } | NothingTold;

export type DiagnosticsOutcome =
  | { readonly outcome: 'told'; readonly diagnostics: GuestDiagnostics }
  | { readonly outcome: 'not-running'; readonly power_state: PowerState }
  | NothingTold;

/** `unavailable`: the host has such consoles switched off; `unknown-type`: the protocol has no clients of this kind. */
export type ConsoleOutcome =
  | { readonly outcome: 'told'; readonly console: ConsoleAccess }
  | { readonly outcome: 'unavailable' | 'unknown-type' }
  | NothingTold;

/** `no-agent`: nobody inside of the guest listens. */
export type QuiesceOutcome = { readonly outcome: 'told' } | { readonly outcome: 'no-agent' } | NothingTold;

export type InjectionOutcome = { readonly outcome: 'told' } | NothingTold;
