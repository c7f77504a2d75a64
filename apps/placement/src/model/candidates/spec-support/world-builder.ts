import { type InventoryRecord, SHARING_TRAIT, World } from '../../world/index.js';
import { emptyGroup, type RequestGroup } from '../query.js';

/** A provider as a test writes it: names, and numbers where the rest is default. */
export interface ProviderSketch {
  readonly parent?: string;
  readonly inventories?: Readonly<Record<string, number | (Partial<InventoryRecord> & { total: number })>>;
  readonly traits?: readonly string[];
  readonly aggregates?: readonly string[];
}

/** A world from sketches by name (the name is the uuid too), in order of row id from 1. Parents come before children. */
export class WorldBuilder {
  readonly world = new World();
  #next = 1;

  constructor(sketches: Readonly<Record<string, ProviderSketch>> = {}) {
    this.trait(SHARING_TRAIT);
    for (const [name, sketch] of Object.entries(sketches)) this.add(name, sketch);
  }

  add(name: string, sketch: ProviderSketch): this {
    const { providers } = this.world;
    const id = this.#next++;
    const parent = sketch.parent === undefined ? undefined : providers.indexOfUuid(sketch.parent);
    this.world.apply({
      id,
      uuid: name,
      name,
      generation: 0,
      parentId: parent === undefined ? null : providers.rowId[parent]!,
      rootId: parent === undefined ? id : providers.rootId[parent]!,
      inventories: Object.entries(sketch.inventories ?? {}).map(([rc, given]) => inventory(this.classId(rc), given)),
      traitIds: (sketch.traits ?? []).map((trait) => this.trait(trait)),
      aggregateIds: (sketch.aggregates ?? []).map((aggregate) => named(this.world.aggregates, aggregate)),
    });
    return this;
  }

  classId(name: string): number {
    return named(this.world.classes, name);
  }

  trait(name: string): number {
    return named(this.world.traits, name);
  }

  /** A group from names: `group({ VCPU: 1 }, { required: [['HW_X']] })`. */
  group(resources: Readonly<Record<string, number>>, more: GroupSketch = {}): RequestGroup {
    const { required = [], forbidden = [], ...rest } = more;
    return {
      ...emptyGroup,
      ...rest,
      resources: new Map(Object.entries(resources).map(([name, amount]) => [this.classId(name), amount])),
      required: required.map((set) => set.map((name) => this.trait(name))),
      forbidden: forbidden.map((name) => this.trait(name)),
    };
  }
}

/** What a test may say of a group beside its resources. Traits are names here. */
export type GroupSketch = Partial<Omit<RequestGroup, 'resources' | 'required' | 'forbidden'>> & {
  readonly required?: readonly (readonly string[])[];
  readonly forbidden?: readonly string[];
};

function inventory(classId: number, given: number | (Partial<InventoryRecord> & { total: number })): InventoryRecord {
  const some = typeof given === 'number' ? { total: given } : given;
  return { classId, reserved: 0, minUnit: 1, maxUnit: 2 ** 31 - 1, stepSize: 1, allocationRatio: 1, used: 0, ...some };
}

function named(table: World['traits'], name: string): number {
  const known = table.id(name);
  if (known !== undefined) return known;
  const id = table.size;
  table.set(id, name);
  return id;
}
