import { BoundedCache, SharedRun } from '@kilonova/util';
import type { HostsFound, SharedHosts } from '../model/hosts-found.js';
import type { Answers, Question } from './host-source.js';

/** Kinds of requests that are remembered at once. */
const KINDS = 256;

interface Kind {
  /** How the next question is put: with what the last who came knows. */
  ask: Question['ask'];
  readonly runs: SharedRun<HostsFound>;
  held?: { readonly found: HostsFound; readonly at: number };
}

/**
 * What placement was asked a moment ago, for all who would ask the same: one question, one ranking, out of which each
 * takes its hosts. Claims are checked by placement, so a ranking that is a little old costs another PUT at worst.
 */
export class SharedRankings implements Answers {
  readonly #kinds = new BoundedCache<string, Kind>(KINDS);

  /** @param maxAgeMs the age up to which hosts are shared; 0: only by those who wait for one question */
  constructor(
    private readonly maxAgeMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Hosts found lately, else those of a question put from now on. */
  async recent(question: Question): Promise<SharedHosts> {
    const held = this.#kinds.get(question.key)?.held;
    if (held !== undefined && this.now() - held.at < this.maxAgeMs) return { found: held.found, isShared: true };
    return this.fresh(question);
  }

  /** Hosts of a question put from now on. It is shared with all who wait for it. */
  async fresh(question: Question): Promise<SharedHosts> {
    const kind = this.#kinds.get(question.key) ?? this.#begin(question);
    kind.ask = question.ask;
    return { found: await kind.runs.next(), isShared: false };
  }

  #begin({ key, ask }: Question): Kind {
    const kind: Kind = {
      ask,
      runs: new SharedRun(async () => {
        const at = this.now();
        const found = await kind.ask();
        kind.held = { found, at };
        return found;
      }),
    };
    this.#kinds.set(key, kind);
    return kind;
  }
}
