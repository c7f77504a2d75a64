import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARING_TRAIT } from '../world/index.js';
import type { CandidateQuery, SearchOptions } from './query.js';
import { searchCandidates, searchSteps } from './search-candidates.js';
import { bruteForceSearch } from './spec-support/brute-force-search.js';
import { showRequest, showRequests } from './spec-support/show-requests.js';
import { type GroupSketch, type ProviderSketch, WorldBuilder } from './spec-support/world-builder.js';

const CLASSES = ['VCPU', 'DISK_GB', 'VF'];
const TRAITS = ['T1', 'T2', 'T3'];
const AGGREGATES = ['aggA', 'aggB', 'aggC'];

const oftenOne = (other: number): fc.Arbitrary<number> => fc.constantFrom(1, 1, 1, 1, 1, other);

const inventory = fc.record({
  total: fc.integer({ min: 2, max: 6 }),
  reserved: fc.constantFrom(0, 0, 1),
  minUnit: oftenOne(2),
  maxUnit: fc.constantFrom(8, 8, 8, 3, 2),
  stepSize: oftenOne(2),
  allocationRatio: oftenOne(1.5),
  used: fc.constantFrom(0, 0, 1, 2),
});

/** A subset in which each value is there with the given odds of 10. */
const some = (values: readonly string[], odds: number): fc.Arbitrary<string[]> =>
  fc.tuple(...values.map((value) => fc.nat(9).map((n) => (n < odds ? [value] : [])))).map((sets) => sets.flat());

const provider = (at: number): fc.Arbitrary<ProviderSketch> =>
  fc
    .record({
      parent:
        at === 0
          ? fc.constant(undefined)
          : fc.option(
              fc.nat(at - 1).map((n) => `p${n}`),
              { nil: undefined, freq: 2 },
            ),
      classes: some(CLASSES, 7),
      inventories: fc.record({ VCPU: inventory, DISK_GB: inventory, VF: inventory }),
      traits: fc.tuple(some([SHARING_TRAIT], 4), some(TRAITS, 4)).map((sets) => sets.flat()),
      aggregates: some(AGGREGATES, 4),
    })
    .map(({ classes, inventories, ...rest }) => ({
      ...rest,
      inventories: Object.fromEntries(Object.entries(inventories).filter(([name]) => classes.includes(name))),
    }));

const cloud = fc
  .integer({ min: 2, max: 6 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, at) => provider(at))))
  .map((sketches) => Object.fromEntries(sketches.map((sketch, at) => [`p${at}`, sketch])));

const few = (values: readonly string[], maxLength = 2): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { maxLength });
const rarely = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.nat(5).chain((n) => (n === 0 ? arb : fc.constant(undefined)));
const anyOf = (values: readonly string[]): fc.Arbitrary<string[][]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<string[][]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
    },
  );

const groupSketch: fc.Arbitrary<GroupSketch> = fc.record({
  required: anyOf(TRAITS),
  forbidden: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: few([...TRAITS, SHARING_TRAIT], 1) }),
  memberOf: anyOf([...AGGREGATES, 'unknown']),
  forbiddenAggregates: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: few([...AGGREGATES, 'unknown']) },
  ),
  inTree: rarely(fc.constantFrom('p0', 'p1', 'p2', 'nowhere')),
});

const resources = (minKeys: number): fc.Arbitrary<Record<string, number>> =>
  fc.dictionary(fc.constantFrom(...CLASSES), fc.constantFrom(1, 1, 2, 2, 3), { minKeys, maxKeys: 2 });

const query = fc
  .record({
    shared: fc.option(fc.tuple(resources(1), groupSketch), { nil: undefined }),
    single: fc.array(fc.tuple(resources(1), groupSketch), { maxLength: 2 }),
    bare: rarely(groupSketch),
    groupPolicy: fc.constantFrom('none' as const, 'isolate' as const),
    subtreePairs: fc.array(fc.subarray(['_0', '_1', '_bare'], { minLength: 1 }), { maxLength: 2 }),
    rootRequired: rarely(few(TRAITS, 1)),
    rootForbidden: rarely(few(TRAITS, 1)),
  })
  .filter(({ shared, single }) => shared !== undefined || single.length > 0);

type Drawn = typeof query extends fc.Arbitrary<infer T> ? T : never;

function toQuery(builder: WorldBuilder, drawn: Drawn): CandidateQuery {
  const groups = new Map<string, CandidateQuery['groups'] extends ReadonlyMap<string, infer G> ? G : never>();
  if (drawn.shared !== undefined) groups.set('', builder.group(...drawn.shared));
  for (const [at, [wanted, more]] of drawn.single.entries()) groups.set(`_${at}`, builder.group(wanted, more));
  if (drawn.bare !== undefined) groups.set('_bare', builder.group({}, drawn.bare));
  const sameSubtree = drawn.subtreePairs.map((set) => set.filter((suffix) => groups.has(suffix))).filter((set) => set.length > 0);
  const ids = (names: readonly string[] | undefined): number[] | undefined => names?.map((name) => builder.trait(name));
  return {
    groups,
    groupPolicy: drawn.groupPolicy,
    sameSubtree,
    rootRequired: ids(drawn.rootRequired),
    rootForbidden: ids(drawn.rootForbidden),
  };
}

const drawn = fc.record({
  cloud,
  query,
  nestedAware: fc.boolean(),
  strategy: fc.constantFrom('depth-first' as const, 'breadth-first' as const),
});

/** A linear congruential generator: random enough, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('searchCandidates', () => {
  it('finds what brute force finds, each once', () => {
    let tried = 0;
    let answered = 0;
    fc.assert(
      fc.property(drawn, (d) => {
        const builder = new WorldBuilder(d.cloud);
        const asked = toQuery(builder, d.query);
        const result = searchCandidates(builder.world, asked, { nestedAware: d.nestedAware, strategy: d.strategy });
        expect(result.outcome).toBe('complete');
        tried += 1;
        if (result.requests.length > 0) answered += 1;
        expect(showRequests(builder.world, result.requests)).toEqual(
          showRequests(builder.world, bruteForceSearch(builder.world, asked, d.nestedAware)),
        );
      }),
      { numRuns: 5000 },
    );
    // A generator that rarely lets anything through would prove nothing.
    expect(answered / tried).toBeGreaterThan(0.15);
  });

  it('with a limit gives the first of the unlimited answer, or any of it when random', () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 4 }), fc.option(fc.nat(), { nil: undefined }), (d, limit, seed) => {
        const builder = new WorldBuilder(d.cloud);
        const asked = toQuery(builder, d.query);
        const options: SearchOptions = { nestedAware: d.nestedAware, strategy: d.strategy };
        const all = searchCandidates(builder.world, asked, options).requests.map((r) => showRequest(builder.world, r));
        const random = seed === undefined ? undefined : seeded(seed);
        const some = searchCandidates(builder.world, { ...asked, limit }, { ...options, random });
        const shown = some.requests.map((r) => showRequest(builder.world, r));
        expect(shown).toHaveLength(Math.min(limit, all.length));
        expect(new Set(shown).size).toBe(shown.length);
        if (random === undefined) expect(shown).toEqual(all.slice(0, limit));
        else for (const request of shown) expect(all).toContain(request);
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same answer in slices of any size', () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 5 }), (d, sliceSteps) => {
        const builder = new WorldBuilder(d.cloud);
        const asked = toQuery(builder, d.query);
        const options: SearchOptions = { nestedAware: d.nestedAware, strategy: d.strategy };
        const steps = searchSteps(builder.world, asked, { ...options, sliceSteps });
        let turn = steps.next();
        let spent = 0;
        for (; turn.done !== true; turn = steps.next()) spent += 1;
        expect(turn.value).toEqual(searchCandidates(builder.world, asked, options));
        expect(spent).toBeLessThanOrEqual(turn.value.steps);
      }),
      { numRuns: 300 },
    );
  });
});
