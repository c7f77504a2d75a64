import type { HostsFound, SharedHosts } from '../model/hosts-found.js';
import type { SharedRankings } from './shared-rankings.js';

/** A question to placement. Those with one key have one answer. */
export interface Question {
  readonly key: string;
  readonly ask: () => Promise<HostsFound>;
}

/** Where a request gets its hosts from, until it has enough. */
export interface HostSource {
  /** The next hosts to try; undefined when there are no others. */
  next(): Promise<SharedHosts | undefined>;
}

/** Hosts that are known already. */
export function knownHosts(found: HostsFound): HostSource {
  const left: SharedHosts[] = [{ found, isShared: false }];
  return { next: async () => left.shift() };
}

/**
 * First the hosts that others asked for a moment ago, then those of a question of the request's own, then those of wider
 * ones. Ends only when all candidates, or as many as are ever asked for, were looked at for this very request.
 */
export class AskedHosts implements HostSource {
  #given: SharedHosts | undefined;
  #at = 0;

  constructor(
    private readonly shared: SharedRankings,
    private readonly questions: readonly Question[],
  ) {}

  async next(): Promise<SharedHosts | undefined> {
    const given = this.#given;
    if (given !== undefined && !given.isShared) {
      if (!given.found.isCut) return undefined;
      this.#at++;
    }
    const question = this.questions[this.#at];
    if (question === undefined) return undefined;
    this.#given = given?.isShared === true ? await this.shared.fresh(question) : await this.shared.recent(question);
    return this.#given;
  }
}
