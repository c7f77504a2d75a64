import { UndescribedAnswer } from '@kilonova/http';
import type { CallReply, PlacementCaller } from '../placement-caller.js';
import type { Forest } from './forest.js';
import { type Held, holding, Ledger } from './ledger.js';
import type { Tally } from './tally.js';

/** Refusals that a busy cloud brings: somebody was quicker. Anything else that is no success is wrong. */
const USUAL_REFUSAL = 409;

/** How a write ended: done, refused for a usual reason, or not answered as the process was killed. */
export type Ending = 'done' | 'refused' | 'unanswered';

/** Sends requests of the load, each to one process at random, and what follows a write to the other one. */
export class LoadClient {
  readonly ledger = new Ledger();

  constructor(
    private readonly processes: readonly [PlacementCaller, PlacementCaller],
    readonly forest: Forest,
    readonly tally: Tally,
  ) {}

  /** Two callers: one to write with, the other to look at once. */
  pair(): readonly [PlacementCaller, PlacementCaller] {
    const [a, b] = this.processes;
    return Math.random() < 0.5 ? [a, b] : [b, a];
  }

  /** A write. @param name what it is counted as. */
  async write(name: string, send: () => Promise<CallReply>): Promise<Ending> {
    return this.judge(name, await this.answered(send));
  }

  /** What an answer to a write, or the lack of one, means. */
  judge(name: string, reply: CallReply | undefined): Ending {
    if (reply === undefined) {
      this.tally.count(`${name} unanswered`);
      return 'unanswered';
    }
    if (reply.status < 300) {
      this.tally.count(name);
      return 'done';
    }
    this.tally.count(`${name} refused`);
    if (reply.status !== USUAL_REFUSAL) this.tally.report(`${name}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return 'refused';
  }

  /** An answer; undefined when the process went away before it gave one. */
  async answered(send: () => Promise<CallReply>): Promise<CallReply | undefined> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof UndescribedAnswer) throw error;
      return undefined;
    }
  }

  /** Reads consumers from a process that did not write them and compares with what was acknowledged. */
  async look(call: PlacementCaller, consumers: readonly string[]): Promise<void> {
    for (const consumer of consumers) {
      const reply = await this.answered(() => call.get(`/allocations/${consumer}`));
      if (reply === undefined) continue;
      const found = holding(this.forest, reply.body.allocations as Held);
      this.tally.count('look');
      const right = this.ledger.right(consumer);
      if (!right.includes(found)) this.tally.report(`${consumer} holds "${found}", should be "${right.join('" or "')}"`);
    }
  }

  /** Notes how a write of consumers ended. */
  note(ending: Ending, held: ReadonlyMap<string, Held>): void {
    for (const [consumer, what] of held) {
      const shown = holding(this.forest, what);
      if (ending === 'done') this.ledger.acknowledged(consumer, shown);
      if (ending === 'unanswered') this.ledger.unanswered(consumer, shown);
    }
  }
}
