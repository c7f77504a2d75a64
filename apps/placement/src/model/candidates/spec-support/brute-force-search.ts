import { type ProviderState, SHARING_TRAIT, type World } from '../../world/index.js';
import type { AllocationRequest, CandidateQuery, RequestGroup } from '../query.js';

/**
 * The rules of allocation candidates, written down as they are said and tried on every combination: pick an anchor, pick
 * any provider near it for each part, then ask whether the whole is allowed. No indexes, no pruning, no order of checks.
 */
export function bruteForceSearch(world: World, query: CandidateQuery, nestedAware: boolean): AllocationRequest[] {
  const cloud = new Cloud(world);
  const found = new Map<string, AllocationRequest>();
  for (const anchor of cloud.all.filter(({ id, rootId }) => id === rootId)) {
    for (const picks of combinations(partsOf(query), cloud.near(anchor))) {
      if (!isAllowed(cloud, query, anchor, picks, nestedAware)) continue;
      const request = consolidate(cloud, picks);
      found.set(JSON.stringify([request.allocations, [...request.mappings]]), request);
    }
  }
  return [...found.values()];
}

/** A part of the query that one provider serves: a class of the group without suffix, or a whole suffixed group. */
interface Part {
  readonly suffix: string;
  readonly group: RequestGroup;
  readonly resources: readonly (readonly [number, number])[];
}

interface Pick extends Part {
  readonly provider: ProviderState;
}

const partsOf = (query: CandidateQuery): Part[] =>
  [...query.groups].flatMap(([suffix, group]) => {
    const resources = [...group.resources];
    return suffix === '' ? resources.map((one) => ({ suffix, group, resources: [one] })) : [{ suffix, group, resources }];
  });

function* combinations(parts: readonly Part[], near: readonly ProviderState[]): Generator<Pick[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return yield [];
  for (const provider of near) for (const others of combinations(rest, near)) yield [{ ...part, provider }, ...others];
}

class Cloud {
  readonly all: ProviderState[];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.all = Array.from({ length: world.providers.end }, (_, i) => i)
      .filter((i) => world.providers.exists(i))
      .map((i) => world.state(i));
  }

  near(anchor: ProviderState): ProviderState[] {
    const tree = this.all.filter(({ rootId }) => rootId === anchor.id);
    const sharing = this.#world.traits.id(SHARING_TRAIT)!;
    const attached = this.all.filter(
      (p) => p.traitIds.includes(sharing) && tree.some((m) => m.aggregateIds.some((a) => p.aggregateIds.includes(a))),
    );
    return this.all.filter((p) => tree.includes(p) || attached.includes(p));
  }

  byUuid = (uuid: string): ProviderState | undefined => this.all.find((p) => p.uuid === uuid);
  index = (p: ProviderState): number => this.#world.providers.indexOf(p.id)!;
  inAll = (p: ProviderState, sets: readonly (readonly string[])[]): boolean => sets.every((set) => this.inAny(p, set));
  inAny = (p: ProviderState, uuids: readonly string[]): boolean =>
    p.aggregateIds.some((a) => uuids.includes(this.#world.aggregates.name(a)!));

  chain(p: ProviderState): number[] {
    const parent = this.all.find(({ id }) => id === p.parentId);
    return parent === undefined ? [p.id] : [p.id, ...this.chain(parent)];
  }
}

function isAllowed(
  cloud: Cloud,
  query: CandidateQuery,
  anchor: ProviderState,
  picks: readonly Pick[],
  nestedAware: boolean,
): boolean {
  return (
    (query.rootRequired ?? []).every((t) => anchor.traitIds.includes(t)) &&
    !(query.rootForbidden ?? []).some((t) => anchor.traitIds.includes(t)) &&
    picks.every((pick) => (pick.suffix === '' ? takesPart(cloud, anchor, pick) : servesAlone(cloud, pick))) &&
    meetsTraitsTogether(picks.filter(({ suffix }) => suffix === '')) &&
    hasCapacity(picks) &&
    isIsolated(query, picks) &&
    isUnderOne(cloud, query, picks) &&
    (nestedAware || isFlat(picks))
  );
}

const fitsEach = ({ provider, resources }: Pick): boolean =>
  resources.every(([classId, n]) => {
    const inv = provider.inventories.find((i) => i.classId === classId);
    return inv !== undefined && inv.minUnit <= n && n <= inv.maxUnit && n % inv.stepSize === 0;
  });

function takesPart(cloud: Cloud, anchor: ProviderState, pick: Pick): boolean {
  const { provider, group } = pick;
  const own = provider.rootId === anchor.id;
  const tree = group.inTree === undefined ? undefined : (cloud.byUuid(group.inTree)?.rootId ?? 'nowhere');
  return (
    fitsEach(pick) &&
    (tree === undefined || (own && provider.rootId === tree)) &&
    (cloud.inAll(provider, group.memberOf) || (own && cloud.inAll(anchor, group.memberOf))) &&
    !cloud.inAny(provider, group.forbiddenAggregates) &&
    !cloud.inAny(anchor, group.forbiddenAggregates) &&
    !provider.traitIds.some((t) => group.forbidden.includes(t))
  );
}

function servesAlone(cloud: Cloud, pick: Pick): boolean {
  const { provider, group } = pick;
  const tree = group.inTree === undefined ? undefined : (cloud.byUuid(group.inTree)?.rootId ?? 'nowhere');
  const saysSomething = group.resources.size > 0 || group.required.length > 0 || group.memberOf.length > 0;
  return (
    saysSomething &&
    fitsEach(pick) &&
    (tree === undefined || provider.rootId === tree) &&
    cloud.inAll(provider, group.memberOf) &&
    !cloud.inAny(provider, group.forbiddenAggregates) &&
    group.required.every((set) => set.some((t) => provider.traitIds.includes(t))) &&
    !provider.traitIds.some((t) => group.forbidden.includes(t))
  );
}

const meetsTraitsTogether = (picks: readonly Pick[]): boolean =>
  (picks[0]?.group.required ?? []).every((set) => picks.some(({ provider }) => set.some((t) => provider.traitIds.includes(t))));

function hasCapacity(picks: readonly Pick[]): boolean {
  return picks.every(({ provider, resources }) =>
    resources.every(([classId]) => {
      const inv = provider.inventories.find((i) => i.classId === classId);
      const asked = picks.flatMap((p) => (p.provider === provider ? p.resources : [])).filter(([c]) => c === classId);
      const sum = asked.reduce((total, [, n]) => total + n, 0);
      return inv !== undefined && inv.used + sum <= (inv.total - inv.reserved) * inv.allocationRatio && sum <= inv.maxUnit;
    }),
  );
}

function isIsolated(query: CandidateQuery, picks: readonly Pick[]): boolean {
  const single = picks.filter(({ suffix }) => suffix !== '').map(({ provider }) => provider.id);
  return query.groupPolicy !== 'isolate' || new Set(single).size === single.length;
}

function isUnderOne(cloud: Cloud, query: CandidateQuery, picks: readonly Pick[]): boolean {
  return (query.sameSubtree ?? []).every((suffixes) => {
    const involved = picks.filter(({ suffix }) => suffixes.includes(suffix)).map(({ provider }) => provider);
    return involved.some((top) => involved.every((p) => cloud.chain(p).includes(top.id)));
  });
}

function isFlat(picks: readonly Pick[]): boolean {
  const givers = new Set(picks.filter(({ resources }) => resources.length > 0).map(({ provider }) => provider));
  return new Set([...givers].map(({ rootId }) => rootId)).size === givers.size;
}

function consolidate(cloud: Cloud, picks: readonly Pick[]): AllocationRequest {
  const amounts = new Map<string, { provider: number; classId: number; amount: number }>();
  const mappings = new Map<string, number[]>();
  for (const { suffix, provider, resources } of picks) {
    const index = cloud.index(provider);
    mappings.set(
      suffix,
      [...new Set([...(mappings.get(suffix) ?? []), index])].sort((a, b) => a - b),
    );
    for (const [classId, n] of resources) {
      const key = `${String(index).padStart(4, '0')}:${String(classId).padStart(6, '0')}`;
      amounts.set(key, { provider: index, classId, amount: (amounts.get(key)?.amount ?? 0) + n });
    }
  }
  return { allocations: [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one), mappings };
}
