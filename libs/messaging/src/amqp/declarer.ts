import { AppError, reasonOf, withTimeout } from '@kilonova/util';
import type { Channel } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import type { AmqpLink } from './amqp-link.js';

export type Step = (channel: Channel) => Promise<unknown>;

const DECLARE_TIMEOUT_MS = 15_000;
const ACCESS_REFUSED = 403;
const PRECONDITION_FAILED = 406;

/**
 * Runs declarations, each named one once a connection, one after the other: a refused one closes the channel with
 * everything under way on it. A step that the user may not take is skipped: someone else has then taken it, and a
 * message that finds no queue comes back as unroutable.
 */
export class Declarer {
  readonly #done = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #channel: Channel | undefined;
  /** When a declaration was last left unanswered: those that waited behind it fail at once, not after as long again. */
  #stuckAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly link: AmqpLink,
    private readonly log: BusLog,
  ) {
    link.onDown(() => this.#done.clear());
  }

  has(name: string): boolean {
    return this.#done.has(name);
  }

  forget(name: string): void {
    this.#done.delete(name);
  }

  /**
   * `acceptOther`: what exists with other arguments is taken as it is.
   * @throws AppError `messaging.unavailable`, or `messaging.topology.mismatch`.
   */
  async once(name: string, steps: readonly Step[], acceptOther = false): Promise<void> {
    if (this.#done.has(name)) return;
    await this.link.model(DECLARE_TIMEOUT_MS); // waited for by all at once, not one after the other
    const asked = performance.now();
    const turn = this.#last.then(() => this.#declare(name, steps, acceptOther, asked));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async #declare(name: string, steps: readonly Step[], acceptOther: boolean, asked: number): Promise<void> {
    if (this.#done.has(name)) return;
    if (asked <= this.#stuckAt) throw unavailable('declarations are not answered');
    for (const step of steps) await this.#take(name, step, acceptOther);
    this.#done.add(name);
  }

  async #take(name: string, step: Step, acceptOther: boolean): Promise<void> {
    try {
      await withTimeout(this.#run(step), DECLARE_TIMEOUT_MS, () => this.#stuck(name));
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (code === ACCESS_REFUSED || (code === PRECONDITION_FAILED && acceptOther)) {
        this.log.warn({ name, reason: reasonOf(error) }, 'Declared by others; taken as it is');
        return;
      }
      throw code === PRECONDITION_FAILED ? mismatch(name, error) : asUnavailable(name, error);
    }
  }

  #stuck(name: string): AppError {
    this.#stuckAt = performance.now();
    this.#channel?.close().catch(() => undefined);
    this.#channel = undefined;
    return unavailable(`no answer to the declaration of ${name}`);
  }

  async #run(step: Step): Promise<void> {
    this.#channel ??= await this.#open();
    await step(this.#channel);
  }

  async #open(): Promise<Channel> {
    const channel = await (await this.link.model(DECLARE_TIMEOUT_MS)).createChannel();
    const gone = (): void => {
      if (this.#channel === channel) this.#channel = undefined;
    };
    channel.on('close', gone);
    channel.on('error', gone);
    return channel;
  }
}

function mismatch(name: string, cause: unknown): AppError {
  const message = `${name} exists on the broker with other arguments: all who use a cell must have the same queue type.`;
  return new AppError({ kind: 'dependency', code: 'messaging.topology.mismatch', message, retry: 'never', cause });
}

const asUnavailable = (name: string, error: unknown): AppError =>
  error instanceof AppError ? error : unavailable(`could not declare ${name}`, error);
