import type { World } from '../world/index.js';
import { domainsOf } from './anchor-domains.js';
import { anchors } from './anchor-source.js';
import { AssignmentSearch } from './assignment-search.js';
import { type CompiledQuery, compileQuery } from './compiled-query.js';
import type { CandidateQuery, CandidateResult, SearchOptions } from './query.js';
import { RequestCollector } from './request-collector.js';
import { StepBudget } from './step-budget.js';
import { summaryProviders } from './summary-providers.js';

/** A second or two. */
const DEFAULT_MAX_STEPS = 2_000_000;
/** A few milliseconds. */
const DEFAULT_SLICE_STEPS = 5_000;

/**
 * Searches allocation candidates. Pure: the same world, query and options give the same answer. Blocks for at most
 * `maxSteps` steps; use `searchSteps` where others share the processor.
 */
export function searchCandidates(world: World, query: CandidateQuery, options: SearchOptions): CandidateResult {
  const steps = searchSteps(world, query, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * The search as a generator that pauses after each slice and returns the result. The world may change during a pause: the
 * answer then mixes both states, as a claim checks capacity again; providers that are gone are left out. Only
 * `World.compact` must not happen meanwhile.
 */
export function* searchSteps(world: World, query: CandidateQuery, options: SearchOptions): Generator<void, CandidateResult> {
  const budget = new StepBudget(options.maxSteps ?? DEFAULT_MAX_STEPS, options.sliceSteps ?? DEFAULT_SLICE_STEPS);
  const compiled = compileQuery(world, query, options);
  if (compiled === undefined) return { outcome: 'complete', requests: [], summaries: [], steps: 0 };
  const wanted = Math.min(query.limit ?? Infinity, options.maxCandidates ?? Infinity);
  const collector = new RequestCollector(world, wanted);
  const breadthFirst = options.strategy === 'breadth-first' || (options.random !== undefined && wanted < Infinity);
  const strategy = breadthFirst ? roundRobin : oneAfterAnother;
  yield* strategy(world, compiled, collector, budget, options);
  const requests = collector.requests(options.random);
  const outcome = collector.isFull ? 'limited' : budget.isExhausted ? 'budget-exhausted' : 'complete';
  return { outcome, requests, summaries: summaryProviders(world, requests, options.nestedAware), steps: budget.spent };
}

type Strategy = (
  world: World,
  query: CompiledQuery,
  collector: RequestCollector,
  budget: StepBudget,
  options: SearchOptions,
) => Generator<void, void>;

/** Depth first: all requests of one tree before the next. */
const oneAfterAnother: Strategy = function* (world, query, collector, budget, options) {
  for (const search of searches(world, query, budget, options)) {
    if (search !== undefined) while (!(yield* step(search, collector, budget)));
    else yield* pause(budget);
    if (collector.isFull || budget.isExhausted) return;
  }
};

/** Breadth first: one request of each tree in turn; trees are only opened as far as the first round gets. */
const roundRobin: Strategy = function* (world, query, collector, budget, options) {
  let source: Iterable<AssignmentSearch | undefined> = searches(world, query, budget, options);
  for (;;) {
    const left: AssignmentSearch[] = [];
    for (const search of source) {
      if (search === undefined) yield* pause(budget);
      else if (!(yield* step(search, collector, budget))) left.push(search);
      if (collector.isFull || budget.isExhausted) return;
    }
    if (left.length === 0) return;
    source = left;
  }
};

/** Goes on to the next request of one tree. Returns true when nothing more is to be had from it. */
function* step(search: AssignmentSearch, collector: RequestCollector, budget: StepBudget): Generator<void, boolean> {
  for (;;) {
    const advance = search.advance(budget);
    if (advance === 'exhausted') return true;
    if (advance === 'found') {
      collector.add(search);
      return collector.isFull;
    }
    yield* pause(budget);
    if (budget.isExhausted) return true;
  }
}

function* pause(budget: StepBudget): Generator<void, void> {
  if (!budget.isSliceOver) return;
  if (!budget.isExhausted) yield;
  budget.nextSlice();
}

/** A search per anchor that may serve; undefined for one that can't, so that the caller may pause. */
function* searches(
  world: World,
  query: CompiledQuery,
  budget: StepBudget,
  options: SearchOptions,
): Generator<AssignmentSearch | undefined> {
  for (const anchor of anchors(world, query, options.random)) {
    budget.spend(1);
    const variables = anchor === -1 ? undefined : domainsOf(world, anchor, query);
    yield variables === undefined ? undefined : new AssignmentSearch(world, query, variables);
  }
}
