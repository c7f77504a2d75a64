import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@kilonova/util';
import type { WrittenTree } from '../model/written-tree.js';

/** What this agent wrote to placement, kept in its state folder: so it knows after a restart what it may take away. */
export class WrittenTrees {
  readonly #trees = new Map<string, WrittenTree>();

  constructor(private readonly stateDir: string) {}

  /** Empty for a node of which nothing was written yet. @throws Error when the file is there but holds no JSON. */
  async of(node: string): Promise<WrittenTree> {
    const known = this.#trees.get(node);
    if (known !== undefined) return known;
    const tree = JSON.parse(await this.#read(node)) as WrittenTree;
    this.#trees.set(node, tree);
    return tree;
  }

  /** Writes only what differs from the last time. */
  async remember(node: string, tree: WrittenTree): Promise<void> {
    const text = JSON.stringify(tree);
    if (text === JSON.stringify(await this.of(node))) return;
    await mkdir(this.#folder, { recursive: true });
    await writeAtomically(this.#file(node), text);
    this.#trees.set(node, tree);
  }

  async #read(node: string): Promise<string> {
    try {
      return await readFile(this.#file(node), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return '{}';
    }
  }

  get #folder(): string {
    return join(this.stateDir, 'written_trees');
  }

  #file(node: string): string {
    return join(this.#folder, `${node}.json`);
  }
}
