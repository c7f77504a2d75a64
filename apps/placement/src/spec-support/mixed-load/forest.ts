import type { PlacementCaller } from '../placement-caller.js';

/** A root with a child; the class VGPU wanders between them by reshapes. */
export interface Tree {
  readonly root: string;
  readonly child: string;
}

/** What the load claims from: trees that never go, and the tree that a provider is of. */
export class Forest {
  readonly #rootOf = new Map<string, string>();

  private constructor(readonly trees: readonly Tree[]) {
    for (const { root, child } of trees) this.#rootOf.set(root, root).set(child, root);
  }

  static async plant(call: PlacementCaller, count: number): Promise<Forest> {
    const trees: Tree[] = [];
    for (let n = 0; n < count; n += 1) {
      const root = await call.provider({ VCPU: { total: 12 }, MEMORY_MB: { total: 4096, reserved: 96 }, VGPU: { total: 6 } });
      trees.push({ root, child: await call.provider({ SRIOV_NET_VF: { total: 8 } }, root) });
    }
    return new Forest(trees);
  }

  any(): Tree {
    return this.trees[Math.floor(Math.random() * this.trees.length)] as Tree;
  }

  rootOf(provider: string): string | undefined {
    return this.#rootOf.get(provider);
  }
}
