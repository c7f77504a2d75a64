import { AppError, pause } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Target } from '../port/target.js';
import type { Dispatcher, Settlement } from '../serve/dispatcher.js';
import type { Verdict } from '../serve/failure.js';
import type { Incoming } from '../serve/incoming.js';
import { unroutable } from '../wire/bus-errors.js';
import { castQueue } from '../wire/names.js';
import type { ConfirmPublisher } from './confirm-publisher.js';
import { bodylessHeaders, deadHeaders } from './dead-letter.codec.js';
import { againProperties, attemptOf, decodeMessage, type Trust } from './message.codec.js';
import type { Senders } from './senders.js';
import type { Address, Topology } from './topology.js';

/** Before a message goes back to its queue, so that one which can't be settled doesn't spin. */
const REQUEUE_PAUSE_MS = 1_000;
const NO_BODY = Buffer.alloc(0);
/** Of a message that no handler was given, bytes: who may not send at all shall not fill the dead letters either. */
const KEPT_OF_REFUSED = 64 * 1024;

export interface CastServer {
  readonly cell: string;
  readonly trust: Trust;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
  readonly senders: Senders;
}

/** What happens to casts on arrival: handled, then acknowledged; a failed one is stored elsewhere first. */
export class CastReceiver {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly publisher: ConfirmPublisher,
    private readonly topology: Topology,
    private readonly server: CastServer,
  ) {}

  /** Never throws: a throw would take the connection down. */
  receive(message: ConsumeMessage, channel: Channel, target: Target): void {
    this.#handle(message, target).then(
      (settlement) => void this.#settle(message, channel, settlement),
      () => void this.#settle(message, channel, 'requeue'),
    );
  }

  async #handle(message: ConsumeMessage, target: Target): Promise<Settlement> {
    if (!this.server.senders.admits(message, 'cast')) return 'ack';
    let incoming: Incoming;
    try {
      incoming = decodeMessage(message, 'cast', target, this.server.trust);
    } catch (error) {
      return this.#refuse(message, target, AppError.from(error));
    }
    return this.dispatcher.cast(incoming, (verdict) => this.#store(message, target, verdict));
  }

  /** No handler sees it. What can be neither read nor kept is given up, but for messages of a later version of ours. */
  async #refuse(message: ConsumeMessage, target: Target, refusal: AppError): Promise<Settlement> {
    const { userId, messageId } = message.properties;
    const { length: bytes } = message.content;
    this.server.log.error({ target, userId, messageId, bytes, code: refusal.code }, 'A cast was refused');
    this.server.observe({ type: 'refused', kind: 'cast', code: refusal.code });
    this.server.senders.refused(message.properties);
    try {
      await this.#bury(message, target, refusal, bytes <= KEPT_OF_REFUSED ? message.content : NO_BODY);
      return 'ack';
    } catch (error) {
      const lost = refusal.kind !== 'unsupported-version';
      this.server.log.error({ target, userId, messageId, lost, reason: String(error) }, 'A refused cast could not be kept');
      return lost ? 'ack' : 'requeue';
    }
  }

  #store(message: ConsumeMessage, target: Target, verdict: Verdict): Promise<void> {
    return verdict.type === 'retry' ? this.#delay(message, target, verdict.delayMs) : this.#bury(message, target, verdict.error);
  }

  async #delay(message: ConsumeMessage, target: Target, delayMs: number): Promise<void> {
    const address = await this.topology.retry(target, delayMs);
    const properties = againProperties(message.properties, attemptOf(message.properties) + 1, this.server.trust);
    await this.#publish(address, message.content, properties, target);
  }

  async #bury(message: ConsumeMessage, target: Target, error: AppError, body = message.content): Promise<void> {
    const address = await this.topology.grave(target);
    const dead = deadHeaders(error, castQueue(this.server.cell, target), Date.now());
    const headers = body === message.content ? dead : { ...dead, ...bodylessHeaders(message.content.length) };
    const properties = againProperties(message.properties, attemptOf(message.properties), this.server.trust, headers);
    await this.#publish(address, body, properties, target);
  }

  async #publish(
    { exchange, key }: Address,
    body: Buffer,
    properties: ReturnType<typeof againProperties>,
    target: Target,
  ): Promise<void> {
    const outcome = await this.publisher.publish(exchange, key, body, properties);
    if (outcome === 'unroutable') throw unroutable(target);
  }

  async #settle(message: ConsumeMessage, channel: Channel, settlement: Settlement): Promise<void> {
    if (settlement === 'requeue') await pause(REQUEUE_PAUSE_MS);
    try {
      if (settlement === 'ack') channel.ack(message);
      else channel.nack(message, false, true);
    } catch {
      // The channel is gone, and with it the delivery: the broker delivers it again.
    }
  }
}
