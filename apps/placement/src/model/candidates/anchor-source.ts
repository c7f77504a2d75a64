import { Posting, type World } from '../world/index.js';
import type { CompiledGroup, CompiledQuery } from './compiled-query.js';

/**
 * A necessary condition of the query: every answer has a provider of one of these postings, in the anchor's tree or
 * attached to it. `rootsOnly`: the anchor itself is in them.
 */
interface Condition {
  readonly postings: readonly Posting[];
  readonly rootsOnly: boolean;
  readonly weight: number;
}

/**
 * Roots of trees that may hold an answer, each once: those of the rarest condition of the query, in order of row id of
 * the providers that meet it. The caller still checks every condition. -1 stands for a step without a root, so that a
 * long run of duplicates can be counted and paused.
 */
export function* anchors(world: World, query: CompiledQuery, random?: () => number): Generator<number> {
  const condition = rarest(conditions(world, query));
  const seen = new Uint8Array(world.providers.end);
  const fresh = (root: number): number => {
    // Providers born while the search was paused are left to the next search.
    if (root >= seen.length || seen[root] === 1 || world.providers.parent(root) !== -1) return -1;
    seen[root] = 1;
    return root;
  };
  for (const provider of ordered(world, condition, random)) {
    if (!world.providers.exists(provider)) continue;
    yield fresh(world.providers.root(provider));
    if (condition.rootsOnly || !world.sharing.isSharing(provider)) continue;
    for (const aggregate of world.aggregateIds(provider)) {
      for (const member of world.byAggregate.get(aggregate)) yield fresh(world.providers.root(member));
    }
  }
}

function conditions(world: World, query: CompiledQuery): Condition[] {
  const found: Condition[] = query.rootRequired.map((id) => condition(world, [world.byTrait.get(id)], true));
  for (const group of query.shared === undefined ? query.single : [query.shared, ...query.single]) {
    found.push(...groupConditions(world, group));
  }
  return found;
}

function groupConditions(world: World, group: CompiledGroup): Condition[] {
  const any = (sets: readonly (readonly number[])[], of: (id: number) => Posting): Condition[] =>
    sets.map((ids) => condition(world, ids.map(of), false));
  return [
    ...group.classIds.map((id) => condition(world, [world.byClass.get(id)], false)),
    ...any(group.required, (id) => world.byTrait.get(id)),
    ...any(group.memberOf, (id) => world.byAggregate.get(id)),
    ...(group.treeRootId === -1 ? [] : [treeCondition(world, group)]),
  ];
}

function condition(world: World, postings: readonly Posting[], rootsOnly: boolean): Condition {
  const size = postings.reduce((sum, posting) => sum + posting.size, 0);
  if (rootsOnly || size > 64) return { postings, rootsOnly, weight: size };
  // Few providers: worth knowing whether they share with thousands of trees.
  const weight = postings.reduce((sum, posting) => sum + reach(world, posting), 0);
  return { postings, rootsOnly, weight };
}

function reach(world: World, providers: Iterable<number>): number {
  let sum = 0;
  for (const provider of providers) sum += world.sharing.anchorEstimate(provider);
  return sum;
}

function treeCondition(world: World, group: CompiledGroup): Condition {
  const members = world.providers.members(group.treeRootId);
  const rootsOnly = group.suffix === '';
  const posting = new Posting();
  for (const member of members) posting.add(member);
  return { postings: [posting], rootsOnly, weight: rootsOnly ? members.length : reach(world, members) };
}

const rarest = (all: readonly Condition[]): Condition => all.reduce((best, next) => (next.weight < best.weight ? next : best));

function ordered(world: World, { postings }: Condition, random?: () => number): Iterable<number> {
  const [only] = postings;
  if (random === undefined && world.providers.inOrder) return postings.length === 1 ? only! : merged(postings);
  const list = postings.length === 1 ? [...only!] : [...new Set(postings.flatMap((posting) => [...posting]))];
  if (random !== undefined) return shuffled(list, random);
  const { rowId } = world.providers;
  return list.sort((a, b) => rowId[a]! - rowId[b]!);
}

/** The members of several postings in order, each once, found as the caller goes on: a limited search needs few of them. */
function* merged(postings: readonly Posting[]): Generator<number> {
  for (let from = 0; ; ) {
    let least = -1;
    for (const posting of postings) {
      const next = posting.next(from);
      if (next >= 0 && (least < 0 || next < least)) least = next;
    }
    if (least < 0) return;
    yield least;
    from = least + 1;
  }
}

/** Draws from the list without replacement, as far as the caller goes on. */
export function* shuffled<T>(list: T[], random: () => number): Generator<T> {
  for (let i = 0; i < list.length; i += 1) {
    const j = i + Math.floor(random() * (list.length - i));
    const drawn = list[j]!;
    list[j] = list[i]!;
    list[i] = drawn;
    yield drawn;
  }
}
