import type { ConfirmChannel, GetMessage } from 'amqplib';
import { nestLog } from '../bus/nest-log.js';
import type { DeadLetter, DeadLetters, DeadLettersOptions, LetterSelection } from '../dead-letters/dead-letter.js';
import type { ServiceTopic } from '../port/target.js';
import { COMMAND_EXCHANGE } from '../wire/names.js';
import { AmqpLink } from './amqp-link.js';
import { ConfirmPublisher } from './confirm-publisher.js';
import { decodeDeadLetter, isDeadHeader, originQueue } from './dead-letter.codec.js';
import { againProperties } from './message.codec.js';
import { Topology } from './topology.js';

const CONNECT_MS = 15_000;
const DEFAULT_LIMIT = 100;

/** What to do with a letter that was looked at. */
type Fate = 'keep' | 'remove' | 'stop';

/**
 * The operator's tools on a dead-letter queue: letters are fetched one by one, and what is not taken out goes back
 * when the channel closes. While one command runs, another sees only the rest.
 */
export class AmqpDeadLetters implements DeadLetters {
  readonly #link: AmqpLink;
  readonly #topology: Topology;
  readonly #publisher: ConfirmPublisher;

  constructor(private readonly options: DeadLettersOptions) {
    const log = nestLog('DeadLetters');
    this.#link = new AmqpLink({ url: options.url, name: `dead-letters ${options.cell}`, log, observe: () => undefined });
    this.#topology = new Topology(this.#link, options.cell, options.queueType ?? 'quorum', log);
    this.#publisher = new ConfirmPublisher(this.#link, { maxInFlight: 64, confirmTimeoutMs: CONNECT_MS, log });
  }

  async list(topic: ServiceTopic, limit = DEFAULT_LIMIT): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    if (limit <= 0) return letters;
    await this.#visit(topic, async (_message, letter) => {
      letters.push(letter);
      return letters.length < limit ? 'keep' : 'stop';
    });
    return letters;
  }

  async show(topic: ServiceTopic, messageId: string): Promise<DeadLetter | undefined> {
    let found: DeadLetter | undefined;
    await this.#visit(topic, async (_message, letter) => {
      if (letter.messageId === messageId) found = letter;
      return found === undefined ? 'keep' : 'stop';
    });
    return found;
  }

  replay(topic: ServiceTopic, which: LetterSelection): Promise<number> {
    return this.#remove(topic, which, async (message) => {
      const queue = originQueue(message.properties);
      if (queue === undefined) return false;
      const again = againProperties(message.properties, 1, this.#link.user);
      const headers = Object.fromEntries(Object.entries(again.headers as Record<string, unknown>).filter(([name]) => !isDeadHeader(name)));
      return (await this.#publisher.publish(COMMAND_EXCHANGE, queue, message.content, { ...again, headers })) === 'sent';
    });
  }

  drop(topic: ServiceTopic, which: LetterSelection): Promise<number> {
    return this.#remove(topic, which, async () => true);
  }

  async close(): Promise<void> {
    await this.#publisher.close(CONNECT_MS);
    await this.#link.close();
  }

  async #remove(topic: ServiceTopic, which: LetterSelection, take: (message: GetMessage) => Promise<boolean>): Promise<number> {
    let taken = 0;
    await this.#visit(topic, async (message, letter) => {
      if (which !== 'all' && !which.includes(letter.messageId)) return 'keep';
      if (!(await take(message))) return 'keep';
      taken++;
      return 'remove';
    });
    return taken;
  }

  /** Each letter that is there when it begins, oldest first; letters that come meanwhile are left for the next time. */
  async #visit(topic: ServiceTopic, look: (message: GetMessage, letter: DeadLetter) => Promise<Fate>): Promise<void> {
    const queue = await this.#topology.dead(topic);
    const channel: ConfirmChannel = await (await this.#link.model(CONNECT_MS)).createConfirmChannel();
    channel.on('error', () => undefined);
    try {
      const { messageCount } = await channel.checkQueue(queue);
      for (let seen = 0; seen < messageCount; seen++) {
        const message = await channel.get(queue);
        if (message === false) return;
        const fate = await look(message, decodeDeadLetter(message, this.options.cell, topic));
        if (fate === 'remove') channel.ack(message);
        if (fate === 'stop') return;
      }
    } finally {
      await channel.close().catch(() => undefined);
    }
  }
}
