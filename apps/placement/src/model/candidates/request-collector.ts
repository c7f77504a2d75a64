import type { World } from '../world/index.js';
import { identity, toRequest } from './allocation-request.js';
import { shuffled } from './anchor-source.js';
import type { AssignmentSearch } from './assignment-search.js';
import type { AllocationRequest } from './query.js';

/** Gathers requests up to a number, without duplicates. */
export class RequestCollector {
  readonly #world: World;
  readonly #wanted: number;
  readonly #requests: AllocationRequest[] = [];
  readonly #seen = new Set<string>();

  constructor(world: World, wanted: number) {
    this.#world = world;
    this.#wanted = wanted;
  }

  get isFull(): boolean {
    return this.#requests.length >= this.#wanted;
  }

  add(search: AssignmentSearch): void {
    const request = toRequest(this.#world, search);
    if (this.#mayRecur(search)) {
      const key = identity(request);
      if (this.#seen.has(key)) return;
      this.#seen.add(key);
    }
    this.#requests.push(request);
  }

  /** What was found, less what vanished during a pause; shuffled when a source of randomness is given. */
  requests(random?: () => number): AllocationRequest[] {
    const { providers } = this.#world;
    const alive = this.#requests.filter(({ mappings }) =>
      [...mappings.values()].every((all) => all.every((p) => providers.exists(p))),
    );
    return random === undefined ? alive : [...shuffled(alive, random)];
  }

  /** Only sharing providers serve under several anchors; with any other provider the request cannot come twice. */
  #mayRecur(search: AssignmentSearch): boolean {
    return search.variables.every((_, at) => this.#world.sharing.isSharing(search.chosen[at]!));
  }
}
