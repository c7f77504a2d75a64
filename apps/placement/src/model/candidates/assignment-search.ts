import type { World } from '../world/index.js';
import type { Variable } from './anchor-domains.js';
import type { CompiledQuery } from './compiled-query.js';
import { hasAnyTrait, sumFits } from './eligibility.js';
import { shareSubtree } from './same-subtree.js';
import type { StepBudget } from './step-budget.js';

export type Advance = 'found' | 'exhausted' | 'paused';

/**
 * Backtracking over the choices under one anchor: picks a provider per variable, in order, and gives up a branch as soon
 * as a rule is broken (capacity of summed amounts, isolation, subtree, traits of the group without suffix, nesting).
 * `advance` goes on to the next full assignment, or stops when the budget's slice is over; `chosen` then holds it.
 */
export class AssignmentSearch {
  readonly variables: readonly Variable[];
  /** The provider chosen for each variable; all valid after `found`. */
  readonly chosen: number[] = [];
  readonly #world: World;
  readonly #query: CompiledQuery;
  readonly #position: number[] = [0];
  /** Per set of `sameSubtree`: the variables in it, ascending. */
  readonly #subtrees: number[][];
  readonly #lastShared: number;

  constructor(world: World, query: CompiledQuery, variables: readonly Variable[]) {
    this.#world = world;
    this.#query = query;
    this.variables = variables;
    this.#subtrees = query.sameSubtree.map((suffixes) =>
      variables.flatMap(({ group }, at) => (suffixes.includes(group.suffix) ? [at] : [])),
    );
    this.#lastShared = variables.findLastIndex(({ group }) => group.suffix === '');
  }

  advance(budget: StepBudget): Advance {
    for (;;) {
      if (budget.isSliceOver) return 'paused';
      const at = this.#position.length - 1;
      if (at < 0) return 'exhausted';
      const provider = this.variables[at]!.domain[this.#position[at]!++];
      if (provider === undefined) {
        this.#position.pop();
        continue;
      }
      budget.spend(1);
      this.chosen[at] = provider;
      if (!this.#holds(at)) continue;
      if (at === this.variables.length - 1) return 'found';
      this.#position.push(0);
    }
  }

  /** True when the choices up to and including `at` break no rule. */
  #holds(at: number): boolean {
    return (
      this.#isNestingAllowed(at) && this.#isIsolated(at) && this.#hasRoom(at) && this.#meetsTraits(at) && this.#isUnderOne(at)
    );
  }

  #hasRoom(at: number): boolean {
    const { classIds, amounts } = this.variables[at]!;
    return classIds.every((classId, i) => {
      const before = this.#sumBefore(at, classId);
      return before === 0 || sumFits(this.#world, this.chosen[at]!, classId, before + amounts[i]!);
    });
  }

  /** What earlier choices take of the class from the provider chosen at `at`. */
  #sumBefore(at: number, classId: number): number {
    let sum = 0;
    for (let i = 0; i < at; i += 1) {
      if (this.chosen[i] !== this.chosen[at]) continue;
      const { classIds, amounts } = this.variables[i]!;
      const k = classIds.indexOf(classId);
      if (k >= 0) sum += amounts[k]!;
    }
    return sum;
  }

  #isIsolated(at: number): boolean {
    if (!this.#query.isolate || at <= this.#lastShared) return true;
    for (let i = this.#lastShared + 1; i < at; i += 1) if (this.chosen[i] === this.chosen[at]) return false;
    return true;
  }

  /** Callers that know no nesting get no two providers of one tree. */
  #isNestingAllowed(at: number): boolean {
    if (this.#query.nestedAware || this.variables[at]!.classIds.length === 0) return true;
    const { rootId } = this.#world.providers;
    const provider = this.chosen[at]!;
    for (let i = 0; i < at; i += 1) {
      const other = this.chosen[i]!;
      if (other !== provider && rootId[other] === rootId[provider] && this.variables[i]!.classIds.length > 0) return false;
    }
    return true;
  }

  /** Traits of the group without suffix are met by its providers together. */
  #meetsTraits(at: number): boolean {
    if (at !== this.#lastShared) return true;
    const providers = this.chosen.slice(0, at + 1);
    return this.variables[at]!.group.required.every((set) => providers.some((p) => hasAnyTrait(this.#world, p, set)));
  }

  #isUnderOne(at: number): boolean {
    return this.#subtrees.every((variables) => {
      if (variables.at(-1) !== at) return true;
      return shareSubtree(
        this.#world,
        variables.map((i) => this.chosen[i]!),
      );
    });
  }
}
