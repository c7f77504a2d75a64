import type { HostsFound, SharedHosts } from '../model/hosts-found.js';

/** A question to placement. Those with one key have one answer. */
export interface Question {
  readonly key: string;
  readonly ask: () => Promise<HostsFound>;
}

/** How questions are answered: with what others asked a moment ago, or put anew. */
export interface Answers {
  recent(question: Question): Promise<SharedHosts>;
  fresh(question: Question): Promise<SharedHosts>;
}

const ask = async (question: Question): Promise<SharedHosts> => ({ found: await question.ask(), isShared: false });

/** Every question is put for the request alone: nobody else hears of what it takes. */
export const OWN_ANSWERS: Answers = { recent: ask, fresh: ask };

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
    private readonly answers: Answers,
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
    this.#given = given?.isShared === true ? await this.answers.fresh(question) : await this.answers.recent(question);
    return this.#given;
  }
}
