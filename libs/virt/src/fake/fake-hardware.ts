import { PCI_KINDS, type PciPool } from '@kilonova/compute-objects';
import { schema } from '@kilonova/util';
import { Ajv } from 'ajv';
import { parsedObject, watchedFile } from './watched-file.js';

const { dictionary, flag, integer, list, nameText, nullable, object, oneOf, optional, uuid } = schema;

/** A graphics card of a simulated host, of which guests get parts. */
export interface FakeGpu {
  readonly name: string;
  /** How many guests may share it. */
  readonly vgpus: number;
  /** The NUMA cell that it is attached to. */
  readonly numaCell?: number;
  readonly traits?: readonly string[];
}

/** A card of a simulated host with devices that guests get whole, such as functions of a network card. */
export interface FakeCard {
  readonly name: string;
  readonly resourceClass: string;
  readonly devices: number;
  readonly numaCell?: number;
  readonly traits?: readonly string[];
}

/** What a simulated host has beside CPUs, memory and disk. */
export interface FakeHardware {
  /** Its hypervisor nodes; left out: one, named like the host. */
  readonly nodes?: ReadonlyArray<{ readonly name: string; readonly uuid?: string }>;
  readonly hypervisorVersion?: number;
  /** Cells that its CPUs and memory are in equal parts of; 0: none are told. */
  readonly numaCells?: number;
  /** Cells that guests are laid on: half of the CPUs are shared, half are for guests of their own, two threads a core; 0: none are told. */
  readonly topology?: number;
  /** Devices that guests get whole by an alias. */
  readonly pciPools?: readonly PciPool[];
  readonly gpus?: readonly FakeGpu[];
  /** Where parts of graphics cards are counted: at each card, or in one sum at the node as older releases did. */
  readonly gpuLayout?: 'nested' | 'flat';
  readonly cards?: readonly FakeCard[];
  /** Storage that it shares with the other members of an aggregate, in place of a disk of its own. */
  readonly sharedDisk?: { readonly name: string; readonly totalGb: number; readonly aggregate: string };
  /** Capabilities that it has, or has not, other than simulated hosts do. */
  readonly capabilities?: Readonly<Record<string, boolean>>;
}

const onCard = { name: nameText(100), numaCell: optional(integer(0, 1023)), traits: optional(list(nameText())) };
const hardware = object<FakeHardware>({
  nodes: optional(list(object<{ name: string; uuid?: string }>({ name: nameText(), uuid: optional(uuid) }))),
  hypervisorVersion: optional(integer()),
  numaCells: optional(integer(0, 1024)),
  topology: optional(integer(0, 64)),
  pciPools: optional(
    list(
      object<PciPool>({
        vendor_id: nameText(4),
        product_id: nameText(4),
        dev_type: oneOf(PCI_KINDS),
        numa_node: nullable(integer(0, 1023)),
        count: integer(0, 1024),
      }),
    ),
  ),
  gpus: optional(list(object<FakeGpu>({ ...onCard, vgpus: integer(1, 1024) }))),
  gpuLayout: optional(oneOf(['nested', 'flat'])),
  cards: optional(list(object<FakeCard>({ ...onCard, resourceClass: nameText(), devices: integer(1, 1024) }))),
  sharedDisk: optional(
    object<NonNullable<FakeHardware['sharedDisk']>>({ name: nameText(100), totalGb: integer(1), aggregate: uuid }),
  ),
  capabilities: optional(dictionary(flag)),
});
const ajv = new Ajv({ allErrors: true });
const isHardware = ajv.compile(dictionary({ ...hardware, additionalProperties: false }));

/** What is wrong with the text of a file of hardware by host; nothing when it can be used. */
export function hardwareFaults(text: string): readonly string[] {
  const parsed = parsedObject(text);
  if ('fault' in parsed) return [parsed.fault];
  if (isHardware(parsed.value)) return [];
  return (isHardware.errors ?? []).map(({ instancePath, message, params }) => {
    const name = 'additionalProperty' in params ? `: ${params['additionalProperty']}` : '';
    return `${instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.')} ${message}${name}`;
  });
}

/** The hardware of a host now. */
export type HardwareSource = (host: string) => FakeHardware;

const NONE: FakeHardware = {};

/** Hardware by host (`*`: every other) from a JSON file that is read again whenever it changes; a faulty one counts as empty, and is told. */
export function hardwareFromFile(path: string | undefined, tell: (fault: string) => void = () => undefined): HardwareSource {
  if (path === undefined) return () => NONE;
  const file = watchedFile<Readonly<Record<string, FakeHardware>>>(path, hardwareFaults, tell);
  return (host) => {
    const byHost = file();
    return byHost?.[host] ?? byHost?.['*'] ?? NONE;
  };
}
