import type { Cell, CellRegistry } from '@kilonova/cells';
import { SharedRun, steadyTime } from '@kilonova/util';
import type { HostFacts } from '../model/host-state.js';
import { CellPicture } from './cell-picture.js';
import { nodeChanges } from './node-changes.query.js';

export interface PictureOptions {
  /** The silence after which a service counts as down, seconds. */
  readonly downSeconds: number;
  /** A cell's part that is older is read before it is used, milliseconds. */
  readonly staleMs: number;
}

/** The picture of one cell, and how it is brought up to date. */
interface Part {
  readonly cell: Cell;
  readonly picture: CellPicture;
  readonly refreshes: SharedRun<boolean>;
}

/**
 * All compute nodes of all enabled cells, held in memory. Periodic refreshes read what changed; who uses the picture
 * waits only for cells whose part has become stale, which are those that did not answer the refreshes either.
 */
export class HostPicture {
  #parts = new Map<string, Part>();

  constructor(
    private readonly cells: CellRegistry,
    private readonly options: PictureOptions,
    private readonly tell: (cell: string, error: unknown) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly timeOfDay: () => number = steadyTime,
  ) {}

  /** Nodes that are held. */
  get size(): number {
    return [...this.#parts.values()].reduce((sum, part) => sum + part.picture.size, 0);
  }

  /** Milliseconds since the part of each cell was read, by the cell's name. */
  ages(): ReadonlyArray<readonly [string, number]> {
    return [...this.#parts.values()].map(({ cell, picture }) => [cell.name, this.now() - picture.asOf] as const);
  }

  /** Reads what changed in all cells. Answers with those that did not answer. */
  async refresh(): Promise<readonly Cell[]> {
    return this.#refreshThose(() => true);
  }

  /** Makes sure that no part is stale. Answers with the cells whose part is, for all that. */
  async current(): Promise<readonly Cell[]> {
    return this.#refreshThose((part) => this.now() - part.picture.asOf > this.options.staleMs);
  }

  /** A node, of a silent cell too: as it was. */
  node(uuid: string): HostFacts | undefined {
    for (const { picture } of this.#parts.values()) {
      const found = picture.node(uuid);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Nodes of a host and (or) of a name, compared without case. */
  named(host: string | null, node: string | null): readonly HostFacts[] {
    return [...this.#parts.values()].flatMap((part) => part.picture.named(host, node));
  }

  async #refreshThose(wanted: (part: Part) => boolean): Promise<readonly Cell[]> {
    const parts = [...(await this.#enabled()).values()].filter(wanted);
    const answered = await Promise.all(parts.map((part) => part.refreshes.next()));
    return parts.filter((_, index) => answered[index] === false).map((part) => part.cell);
  }

  /** Parts follow the mappings: a cell that is new, gone, disabled or reached otherwise begins anew. */
  async #enabled(): Promise<ReadonlyMap<string, Part>> {
    const cells = (await this.cells.list()).filter((cell) => !cell.isCell0 && !cell.disabled);
    const isSame = cells.length === this.#parts.size && cells.every((cell) => this.#parts.get(cell.uuid)?.cell === cell);
    if (!isSame) this.#parts = new Map(cells.map((cell) => [cell.uuid, this.#partOf(cell)]));
    return this.#parts;
  }

  #partOf(cell: Cell): Part {
    const known = this.#parts.get(cell.uuid);
    if (known?.cell === cell) return known;
    const picture = new CellPicture(cell.uuid);
    return { cell, picture, refreshes: new SharedRun(() => this.#read(cell, picture)) };
  }

  async #read(cell: Cell, picture: CellPicture): Promise<boolean> {
    try {
      if (!(await this.#readOnce(cell, picture))) await this.#readOnce(cell, picture);
      return true;
    } catch (error) {
      this.tell(cell.name, error);
      return false;
    }
  }

  async #readOnce(cell: Cell, picture: CellPicture): Promise<boolean> {
    const [asOf, time] = [this.now(), this.timeOfDay()];
    const changes = await cell.run((sql) => nodeChanges(sql, picture.position, this.options.downSeconds));
    if (!picture.apply(changes, time)) return false;
    picture.asOf = asOf;
    return true;
  }
}
