import { pause } from '@kilonova/util';
import type { Channel, GetMessage } from 'amqplib';
import { nestLog } from '../bus/nest-log.js';
import {
  chosen,
  type DeadLetter,
  type DeadLetters,
  type DeadLettersOptions,
  type KeptReason,
  type LetterSelection,
  type Replayed,
  type ReplayOptions,
} from '../dead-letters/dead-letter.js';
import { obstacleTo } from '../dead-letters/replay-rules.js';
import { controlPlaneOf } from '../port/broker-users.js';
import type { ServiceTopic } from '../port/target.js';
import { COMMAND_EXCHANGE } from '../wire/names.js';
import { AmqpLink } from './amqp-link.js';
import { ConfirmPublisher } from './confirm-publisher.js';
import { decodeDeadLetter, letterFacts, originQueue, type Shelf, trustOf } from './dead-letter.codec.js';
import { againProperties } from './message.codec.js';
import { Topology, topologyOf } from './topology.js';

const CONNECT_MS = 15_000;
const DEFAULT_LIMIT = 100;
const BACK_MS = 2_000;
const BACK_POLL_MS = 5;

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
  readonly #controlPlane: ReadonlySet<string>;

  constructor(private readonly options: DeadLettersOptions) {
    const log = nestLog('DeadLetters');
    this.#link = new AmqpLink({ url: options.url, name: `dead-letters ${options.cell}`, log, observe: () => undefined });
    this.#controlPlane = new Set([this.#link.user, ...controlPlaneOf(options.controlPlaneUsers ?? [], options.cell)]);
    this.#topology = new Topology(this.#link, options.cell, topologyOf(options), log);
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

  async replay(topic: ServiceTopic, which: LetterSelection, { force = false }: ReplayOptions = {}): Promise<Replayed> {
    const [sent, kept]: [string[], Array<Replayed['kept'][number]>] = [[], []];
    await this.#visit(topic, async (message, letter) => {
      if (!chosen(letter, which)) return 'keep';
      const facts = letterFacts(message, letter, this.#shelf(topic));
      const why = obstacleTo(facts, force) ?? (await this.#again(message));
      if (why === undefined) sent.push(letter.messageId);
      else kept.push({ messageId: letter.messageId, why });
      return why === undefined ? 'remove' : 'keep';
    });
    return { sent, kept };
  }

  async drop(topic: ServiceTopic, which: LetterSelection): Promise<readonly string[]> {
    const dropped: string[] = [];
    await this.#visit(topic, async (_message, letter) => {
      if (!chosen(letter, which)) return 'keep';
      dropped.push(letter.messageId);
      return 'remove';
    });
    return dropped;
  }

  async close(): Promise<void> {
    await this.#publisher.close(CONNECT_MS);
    await this.#link.close();
  }

  /** Undefined: sent. */
  async #again({ properties, content }: GetMessage): Promise<KeptReason | undefined> {
    const queue = originQueue(properties) ?? '';
    const trust = trustOf(queue, this.options.cell, this.#controlPlane);
    const again = { ...againProperties(properties, 1, trust), userId: this.#link.user };
    return (await this.#publisher.publish(COMMAND_EXCHANGE, queue, content, again)) === 'sent' ? undefined : 'unroutable';
  }

  #shelf(topic: ServiceTopic): Shelf {
    return { cell: this.options.cell, topic, controlPlane: this.#controlPlane };
  }

  /**
   * Each letter that was there when the walk began, oldest first: one that is sent again may be refused again and come back
   * before the walk ends. Letters held unacknowledged don't come twice. At the end those that stay are given back, and waited for: a quorum queue takes them back in its own time, and the next command would
   * miss them.
   */
  async #visit(topic: ServiceTopic, look: (message: GetMessage, letter: DeadLetter) => Promise<Fate>): Promise<void> {
    const queue = await this.#topology.dead(topic);
    const channel: Channel = await (await this.#link.model(CONNECT_MS)).createChannel();
    channel.on('error', () => undefined);
    const held: GetMessage[] = [];
    try {
      let left = (await channel.checkQueue(queue)).messageCount;
      for (let fate: Fate = 'keep'; fate !== 'stop' && left > 0; left--) {
        const message = await channel.get(queue);
        if (message === false) break;
        fate = await look(message, decodeDeadLetter(message, this.#shelf(topic)));
        if (fate === 'remove') channel.ack(message);
        else held.push(message);
      }
    } finally {
      for (const message of held) channel.nack(message, false, true);
      await this.#untilBack(channel, queue, held.length).catch(() => undefined);
      await channel.close().catch(() => undefined);
    }
  }

  /** Bounded, as another's command may be taking letters out meanwhile. */
  async #untilBack(channel: Channel, queue: string, count: number): Promise<void> {
    const end = Date.now() + BACK_MS;
    while (count > 0 && Date.now() < end && (await channel.checkQueue(queue)).messageCount < count) await pause(BACK_POLL_MS);
  }
}
