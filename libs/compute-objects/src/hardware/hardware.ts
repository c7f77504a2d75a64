/** Kinds of PCI devices, as aliases and hosts name them. */
export const PCI_KINDS = ['type-PCI', 'type-PF', 'type-VF', 'vdpa'] as const;
export type PciKind = (typeof PCI_KINDS)[number];

/** One NUMA cell of a node. CPUs are numbers of threads of the whole node. */
export interface NumaCell {
  readonly id: number;
  /** Null: not known. */
  readonly socket: number | null;
  /** Threads that guests share. */
  readonly cpus: readonly number[];
  /** Threads that guests get for themselves. */
  readonly pcpus: readonly number[];
  /** Threads of one core each; empty: every thread is a core. */
  readonly siblings: ReadonlyArray<readonly number[]>;
  readonly memory_mb: number;
  /** Memory in pages that are reserved for guests which ask for them. */
  readonly pages: ReadonlyArray<{ readonly size_kb: number; readonly total: number }>;
}

/** Devices of one kind that may be given to guests. */
export interface PciPool {
  /** Four hexadecimal digits. */
  readonly vendor_id: string;
  readonly product_id: string;
  readonly dev_type: PciKind;
  /** The cell that they hang on; null: not known, or none. */
  readonly numa_node: number | null;
  readonly count: number;
}

/** What one guest cell has of a cell of its node. */
export interface HeldCell {
  readonly cell: number;
  /** Shared threads that are counted. */
  readonly shared: number;
  /** Its own threads. */
  readonly pinned: readonly number[];
  /** Siblings of these that nobody else gets. */
  readonly reserved: readonly number[];
  readonly memory_mb: number;
  /** Null: of memory without reserved pages. */
  readonly page_kb: number | null;
}

/** What one server has of its node. */
export interface HeldHardware {
  readonly cells: readonly HeldCell[];
  readonly devices: readonly PciPool[];
}

/** Cells and devices of a node, and which servers have what of them. */
export interface NodeHardware {
  readonly cells: readonly NumaCell[];
  readonly pools: readonly PciPool[];
  /** How often shared threads and memory may be promised. */
  readonly cpu_ratio: number;
  readonly ram_ratio: number;
  /** By the server's uuid. */
  readonly held: Readonly<Record<string, HeldHardware>>;
}
