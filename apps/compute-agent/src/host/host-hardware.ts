import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Flavor,
  fitHardware,
  freeHardware,
  type HeldHardware,
  hardwareDemand,
  type Instance,
  imagePropertiesOf,
  type NodeHardware,
  type PciAlias,
  wantsHardware,
} from '@kilonova/compute-objects';
import { conflict, writeAtomically } from '@kilonova/util';
import type { VirtDriver } from '@kilonova/virt';

/** How long what a server was given is kept that is not on the host (yet): a move is under way meanwhile. Milliseconds. */
const AWAY_MS = 600_000;

export interface HardwareOptions {
  readonly aliases: readonly PciAlias[];
  readonly cpuAllocationRatio: number;
  readonly ramAllocationRatio: number;
  /** Where assignments outlive the agent; left out: nowhere. */
  readonly file?: string;
}

interface Assigned {
  readonly node: string;
  readonly held: HeldHardware;
  /** Epoch milliseconds. */
  readonly since: number;
}

/**
 * Which servers have what of a host's NUMA cells and PCI devices. A server that comes is fitted again, whatever the
 * scheduler thought: two schedulers may have given away the same.
 */
export class HostHardware {
  #assigned: Map<string, Assigned> | undefined;

  constructor(
    private readonly driver: Pick<VirtDriver, 'nodes' | 'nodeFacts'>,
    private readonly options: HardwareOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Gives a server that comes what it asks for; one that has it keeps it.
   * @param flavor that it is to have
   * @throws AppError `conflict` when this host cannot
   */
  async claim(instance: Instance, flavor: Flavor, present: ReadonlyMap<string, Instance>): Promise<void> {
    const node = this.#nodeOf(instance);
    const outcome = hardwareDemand(flavor, imagePropertiesOf(instance), this.options.aliases);
    if ('fault' in outcome) throw misfit(instance.uuid, outcome.fault);
    // A hypervisor that tells of no cells is not judged by them, as upstream; devices it has to have.
    const { devices } = outcome.demand;
    const demand = this.#tells(node) ? outcome.demand : { topology: null, devices };
    if (!wantsHardware(demand)) return;
    this.#settle(present);
    const facts = this.#facts(node);
    const others = [...this.#all()].filter(([uuid, one]) => uuid !== instance.uuid && one.node === node);
    const free = freeHardware(
      facts,
      others.map(([, { held }]) => held),
    );
    const fit = fitHardware(free, demand);
    if ('misfit' in fit) throw misfit(instance.uuid, fit.misfit);
    this.#all().set(instance.uuid, { node, held: fit.held, since: this.now() });
    await this.#keep();
  }

  /** What was given to a server that did not come after all. */
  async drop(instanceUuid: string): Promise<void> {
    if (this.#all().delete(instanceUuid)) await this.#keep();
  }

  /** What the node tells of itself, and who has what of it; null where the hypervisor tells of nothing. */
  report(node: string, present: ReadonlyMap<string, Instance>): NodeHardware | null {
    if (!this.#tells(node)) return null;
    this.#settle(present);
    const held = [...this.#all()].filter(([, one]) => one.node === node).map(([uuid, one]) => [uuid, one.held] as const);
    return { ...this.#facts(node), held: Object.fromEntries(held) };
  }

  #tells(node: string): boolean {
    return this.driver.nodeFacts(node).hardware !== undefined;
  }

  #facts(node: string): Omit<NodeHardware, 'held'> {
    const { cells = [], pools = [] } = this.driver.nodeFacts(node).hardware ?? {};
    return { cells, pools, cpu_ratio: this.options.cpuAllocationRatio, ram_ratio: this.options.ramAllocationRatio };
  }

  #nodeOf({ node }: Instance): string {
    const nodes = this.driver.nodes();
    return node !== null && nodes.includes(node) ? node : (nodes[0] ?? '');
  }

  /** Forgets who is gone for good, and lays those of the present again that nothing is known of. */
  #settle(present: ReadonlyMap<string, Instance>): void {
    const all = this.#all();
    for (const [uuid, { since }] of all) if (!present.has(uuid) && this.now() - since > AWAY_MS) all.delete(uuid);
    for (const instance of present.values()) if (!all.has(instance.uuid)) this.#lay(instance);
  }

  #lay(instance: Instance): void {
    const node = this.#nodeOf(instance);
    const outcome = hardwareDemand(instance.flavor, imagePropertiesOf(instance), this.options.aliases);
    if ('fault' in outcome || !wantsHardware(outcome.demand) || !this.#tells(node)) return;
    const others = [...this.#all().values()].filter((one) => one.node === node).map(({ held }) => held);
    const fit = fitHardware(freeHardware(this.#facts(node), others), outcome.demand);
    if ('held' in fit) this.#all().set(instance.uuid, { node, held: fit.held, since: this.now() });
  }

  #all(): Map<string, Assigned> {
    this.#assigned ??= new Map(Object.entries(this.#read()));
    return this.#assigned;
  }

  #read(): Record<string, Assigned> {
    if (this.options.file === undefined) return {};
    try {
      return JSON.parse(readFileSync(this.options.file, 'utf8')) as Record<string, Assigned>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return {};
    }
  }

  async #keep(): Promise<void> {
    const { file } = this.options;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    await writeAtomically(file, JSON.stringify(Object.fromEntries(this.#all())));
  }
}

const misfit = (instanceUuid: string, reason: string) =>
  conflict('agent.hardware.misfit', 'Insufficient compute resources: the requested topology or devices cannot be had here.', {
    instance: instanceUuid,
    reason,
  });
