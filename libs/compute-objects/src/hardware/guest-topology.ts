import type { Flavor } from '../flavor.js';
import { cpuSet, dedicatedCpus } from './cpu-set.js';

/** One cell of a guest. */
export interface GuestCell {
  /** CPUs that share threads of the node, and CPUs with threads of their own. */
  readonly shared: number;
  readonly dedicated: number;
  readonly memory_mb: number;
}

export type ThreadPolicy = 'prefer' | 'isolate' | 'require';
/** `small`: pages of the usual size; `large`: any other; `any`: whichever is there; a number: KiB. */
export type PageSize = 'small' | 'large' | 'any' | number;

/** How a guest's CPUs and memory are to lie on its node. */
export interface GuestTopology {
  readonly cells: readonly GuestCell[];
  readonly threads: ThreadPolicy;
  /** Null: memory without reserved pages. */
  readonly pages: PageSize | null;
  /** A thread beside those of the CPUs is kept for the emulator. */
  readonly isolatesEmulator: boolean;
}

/** What flavor and image say: a topology, none (null), or what is wrong with it, in words for who asked. */
export type TopologyOutcome = { readonly topology: GuestTopology | null } | { readonly fault: string };

/** Guests with more cells than this are refused: the search for a place is bounded by it. */
const MOST_CELLS = 16;

type Asked = (name: string) => string | undefined;

const askedOf =
  (flavor: Flavor, properties: Readonly<Record<string, string>>): Asked =>
  (name) =>
    flavor.extra_specs[`hw:${name}`] ?? properties[`hw_${name}`];

const fault = (text: string): TopologyOutcome => ({ fault: text });
const isTrue = (value: string | undefined): boolean => ['true', '1', 'yes', 'on', 't', 'y'].includes((value ?? '').toLowerCase());

const KIB: Readonly<Record<string, number>> = { '': 1, k: 1, m: 1024, g: 1024 ** 2, t: 1024 ** 3 };

/** `2048`, `2MB`, `1GiB` → KiB. */
function pageSize(text: string | undefined): PageSize | null | undefined {
  if (text === undefined) return null;
  if (text === 'small' || text === 'large' || text === 'any') return text;
  const parts = /^(?<amount>\d{1,9})\s*(?<unit>[kmgt]?)i?b?$/i.exec(text.trim())?.groups;
  const size = Number(parts?.['amount']) * (KIB[(parts?.['unit'] ?? '').toLowerCase()] ?? Number.NaN);
  return Number.isSafeInteger(size) && size > 0 ? size : undefined;
}

/**
 * Reads `hw:numa_nodes`, `hw:numa_cpus.N`, `hw:numa_mem.N`, `hw:cpu_policy`, `hw:cpu_thread_policy`, `hw:cpu_dedicated_mask`,
 * `hw:emulator_threads_policy`, `hw:mem_page_size`, and the image's `hw_…` for each; the flavor's stands above the image's.
 * A guest has a topology when it asks for cells, CPUs of its own or pages. Source: Nova's published meaning of these keys.
 */
export function guestTopology(flavor: Flavor, properties: Readonly<Record<string, string>>): TopologyOutcome {
  const asked = askedOf(flavor, properties);
  const policy = asked('cpu_policy') ?? 'shared';
  const pages = pageSize(asked('mem_page_size'));
  if (pages === undefined) return fault(`Page size ${asked('mem_page_size')} is not a size.`);
  const wantsCells = asked('numa_nodes') !== undefined;
  if (!wantsCells && policy === 'shared' && pages === null) return { topology: null };
  const dedicated = dedicatedOf(flavor.vcpus, policy, asked);
  if (dedicated === undefined) return fault('CPUs with policy mixed need a mask that leaves some of each kind.');
  const parts = partsOf(flavor, asked);
  if (typeof parts === 'string') return fault(parts);
  const cells = parts.map(({ cpus, memory_mb }) => cellOf(cpus, memory_mb, dedicated));
  const threads = asked('cpu_thread_policy') ?? 'prefer';
  if (threads !== 'prefer' && threads !== 'isolate' && threads !== 'require')
    return fault(`There is no thread policy ${threads}.`);
  const isolatesEmulator = asked('emulator_threads_policy') === 'isolate';
  if (isolatesEmulator && dedicated.size === 0) return fault('Emulator threads are isolated only where CPUs are dedicated.');
  return { topology: { cells, threads, pages, isolatesEmulator } };
}

/** CPUs of the guest with threads of their own; undefined for a mask that does not serve. */
function dedicatedOf(vcpus: number, policy: string, asked: Asked): ReadonlySet<number> | undefined {
  if (policy === 'dedicated') return cpuSet(`0-${vcpus - 1}`);
  if (policy !== 'mixed') return new Set();
  const mask = asked('cpu_dedicated_mask') ?? (isTrue(asked('cpu_realtime')) ? asked('cpu_realtime_mask') : undefined);
  const chosen = mask === undefined ? new Set<number>() : dedicatedCpus(mask, vcpus);
  return chosen.size === 0 || chosen.size === vcpus ? undefined : chosen;
}

/** The numbers of a guest's CPUs in each of its cells, and which of them have threads of their own. */
export interface GuestCpus {
  readonly cpus: readonly number[];
  readonly own: readonly number[];
}

/** In the order of the cells of `guestTopology`; none for a guest without a topology. */
export function guestCpus(flavor: Flavor, properties: Readonly<Record<string, string>>): readonly GuestCpus[] {
  const { topology } = { topology: null, ...guestTopology(flavor, properties) };
  const asked = askedOf(flavor, properties);
  const parts = partsOf(flavor, asked);
  if (topology === null || typeof parts === 'string') return [];
  const dedicated = dedicatedOf(flavor.vcpus, asked('cpu_policy') ?? 'shared', asked);
  return parts.map(({ cpus }) => ({ cpus: [...cpus], own: [...cpus].filter((cpu) => dedicated?.has(cpu)) }));
}

interface GuestPart {
  readonly cpus: ReadonlySet<number>;
  readonly memory_mb: number;
}

/** Evenly shared out unless CPUs and memory of every cell are named. Text: what is wrong. */
function partsOf({ vcpus, memory_mb }: Flavor, asked: Asked): readonly GuestPart[] | string {
  const count = Number(asked('numa_nodes') ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > MOST_CELLS) return `A guest has 1 to ${MOST_CELLS} NUMA nodes.`;
  const named = Array.from({ length: count }, (_, index) => ({
    cpus: asked(`numa_cpus.${index}`),
    memory: asked(`numa_mem.${index}`),
  }));
  const isNamed = named.some(({ cpus, memory }) => cpus !== undefined || memory !== undefined);
  if (!isNamed) return evenParts(vcpus, memory_mb, count);
  if (named.some(({ cpus, memory }) => cpus === undefined || memory === undefined))
    return 'CPUs and memory of either all NUMA nodes or of none are named.';
  const sets = named.map(({ cpus = '' }) => cpuSet(cpus));
  const all = new Set(sets.flatMap((set) => [...set]));
  if (all.size !== vcpus || sets.reduce((sum, { size }) => sum + size, 0) !== vcpus || [...all].some((cpu) => cpu >= vcpus))
    return 'The NUMA nodes have to share out each CPU of the flavor once.';
  const memories = named.map(({ memory }) => Number(memory));
  if (memories.reduce((sum, memory) => sum + memory, 0) !== memory_mb)
    return 'The NUMA nodes have to share out the memory of the flavor.';
  return sets.map((cpus, index) => ({ cpus, memory_mb: memories[index] ?? 0 }));
}

function evenParts(vcpus: number, memory: number, count: number): readonly GuestPart[] | string {
  if (vcpus % count !== 0 || memory % count !== 0) return 'CPUs and memory cannot be shared out evenly among the NUMA nodes.';
  const each = vcpus / count;
  return Array.from({ length: count }, (_, index) => ({
    cpus: cpuSet(`${index * each}-${(index + 1) * each - 1}`),
    memory_mb: memory / count,
  }));
}

function cellOf(cpus: ReadonlySet<number>, memory_mb: number, dedicated: ReadonlySet<number>): GuestCell {
  const own = [...cpus].filter((cpu) => dedicated.has(cpu)).length;
  return { shared: cpus.size - own, dedicated: own, memory_mb };
}
