import type { RequestSpec } from '@kilonova/compute-objects';
import type { SchedulingFacts } from './filters/index.js';
import type { HostState } from './host-state.js';
import { type WeighedHost, type WeighedInParts, type WeighingRules, WeightScale } from './weighers/index.js';

/**
 * Hosts that fit requests of one kind, best first. Made once by weighing and sorting all; afterwards a host that is taken
 * moves to its new place, and one that turns out full leaves. Requests for the like share a ranking.
 */
export class HostRanking {
  #order: WeighedHost[] = [];
  #scale: WeightScale;

  /** @param origin the ranking that this one was made from: it hears of all that is taken here */
  constructor(
    hosts: Iterable<HostState>,
    private readonly rules: WeighingRules,
    private readonly spec: RequestSpec,
    private readonly facts: SchedulingFacts,
    private readonly origin?: HostRanking,
  ) {
    this.#scale = new WeightScale(rules, spec);
    this.#rank([...hosts], facts);
  }

  get size(): number {
    return this.#order.length;
  }

  /** Best first. What changes the ranking ends the walk. */
  best(): Iterable<WeighedHost> {
    return this.#order;
  }

  /** The best so many, with what each weigher adds to their weights. */
  explained(count: number): readonly WeighedInParts[] {
    return this.#order.slice(0, count).map((entry) => ({ ...entry, parts: this.#scale.parts(entry.host, this.facts) }));
  }

  /**
   * The same hosts, weighed for one request of a server group. There a difference of one member has to count in full
   * whatever the largest is, so all are weighed anew each time.
   */
  fork(spec: RequestSpec, facts: SchedulingFacts): HostRanking {
    return new HostRanking(
      this.#order.map((entry) => entry.host),
      this.rules,
      spec,
      facts,
      this,
    );
  }

  /** Changes a host and moves it to where it belongs now; nothing else is sorted again. */
  update(computeNodeUuid: string, change: (host: HostState) => HostState, facts: SchedulingFacts = this.facts): void {
    this.origin?.update(computeNodeUuid, change);
    const before = this.#takeOut(computeNodeUuid);
    if (before === undefined) return;
    const host = change(before);
    const others = this.#order.map((entry) => entry.host);
    if (this.origin !== undefined) this.#rank([...others, host], facts);
    else if (this.#scale.include(host, facts)) this.#sort([...others, host], facts);
    else this.#insert(host, facts);
  }

  /** A host that is not to be had. */
  drop(computeNodeUuid: string): void {
    this.origin?.drop(computeNodeUuid);
    this.#takeOut(computeNodeUuid);
  }

  #takeOut(computeNodeUuid: string): HostState | undefined {
    const at = this.#order.findIndex((entry) => entry.host.facts.computeNodeUuid === computeNodeUuid);
    return at < 0 ? undefined : this.#order.splice(at, 1)[0]?.host;
  }

  #rank(hosts: readonly HostState[], facts: SchedulingFacts): void {
    this.#scale = new WeightScale(this.rules, this.spec);
    for (const host of hosts) this.#scale.include(host, facts);
    this.#sort(hosts, facts);
  }

  #sort(hosts: readonly HostState[], facts: SchedulingFacts): void {
    this.#order = hosts.map((host) => ({ host, weight: this.#scale.weigh(host, facts) })).sort((a, b) => b.weight - a.weight);
  }

  #insert(host: HostState, facts: SchedulingFacts): void {
    const weight = this.#scale.weigh(host, facts);
    this.#order.splice(this.#placeOf(weight), 0, { host, weight });
  }

  /** Behind all that weigh as much: equal hosts take turns. */
  #placeOf(weight: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] as WeighedHost).weight >= weight) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
