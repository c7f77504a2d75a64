import { schema } from '@kilonova/util';
import {
  type HeldCell,
  type HeldHardware,
  type NodeHardware,
  type NumaCell,
  PCI_KINDS,
  type PciPool,
} from '../../hardware/hardware.js';

const { decimal, dictionary, integer, list, nullable, object, oneOf, text } = schema;

/** Threads of one node, cells, pools. */
const THREADS = 8_192;
const CELLS = 256;
const INT32 = 0x7fffffff;

const threads = list(integer(0, INT32), THREADS);

const numaCellSchema = object<NumaCell>({
  id: integer(0, INT32),
  socket: nullable(integer(0, INT32)),
  cpus: threads,
  pcpus: threads,
  siblings: list(threads, THREADS),
  memory_mb: integer(0, INT32),
  pages: list(object<NumaCell['pages'][number]>({ size_kb: integer(1, INT32), total: integer(0, INT32) }), 16),
});

const pciPoolSchema = object<PciPool>({
  vendor_id: text(4),
  product_id: text(4),
  dev_type: oneOf(PCI_KINDS),
  numa_node: nullable(integer(0, INT32)),
  count: integer(0, INT32),
});

const heldCellSchema = object<HeldCell>({
  cell: integer(0, INT32),
  shared: integer(0, INT32),
  pinned: threads,
  reserved: threads,
  memory_mb: integer(0, INT32),
  page_kb: nullable(integer(1, INT32)),
});

export const nodeHardwareSchema = object<NodeHardware>({
  cells: list(numaCellSchema, CELLS),
  pools: list(pciPoolSchema, 4_096),
  cpu_ratio: decimal(),
  ram_ratio: decimal(),
  held: dictionary(object<HeldHardware>({ cells: list(heldCellSchema, CELLS), devices: list(pciPoolSchema, 1_024) })),
});
