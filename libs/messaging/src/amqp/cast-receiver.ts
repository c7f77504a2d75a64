import { AppError, pause } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Target } from '../port/target.js';
import type { Dispatcher, Settlement } from '../serve/dispatcher.js';
import type { Verdict } from '../serve/failure.js';
import type { Incoming } from '../serve/incoming.js';
import { unroutable } from '../wire/bus-errors.js';
import { castQueue, DEAD_LETTER_EXCHANGE } from '../wire/names.js';
import type { ConfirmPublisher } from './confirm-publisher.js';
import { deadHeaders } from './dead-letter.codec.js';
import { againProperties, attemptOf, decodeMessage, type Trust } from './message.codec.js';
import type { Topology } from './topology.js';

/** Before a message goes back to its queue, so that one which can't be settled doesn't spin. */
const REQUEUE_PAUSE_MS = 1_000;

export interface CastServer {
  readonly cell: string;
  readonly trust: Trust;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
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
    let incoming: Incoming;
    try {
      incoming = decodeMessage(message, 'cast', target, this.server.trust);
    } catch (error) {
      const refusal = AppError.from(error);
      const { userId, messageId } = message.properties;
      this.server.log.error({ target, userId, messageId, code: refusal.code }, 'A cast was refused and becomes a dead letter');
      this.server.observe({ type: 'refused', kind: 'cast', code: refusal.code });
      await this.#bury(message, target, refusal);
      return 'ack';
    }
    return this.dispatcher.cast(incoming, (verdict) => this.#store(message, target, verdict));
  }

  #store(message: ConsumeMessage, target: Target, verdict: Verdict): Promise<void> {
    return verdict.type === 'retry' ? this.#delay(message, target, verdict.delayMs) : this.#bury(message, target, verdict.error);
  }

  async #delay(message: ConsumeMessage, target: Target, delayMs: number): Promise<void> {
    const queue = await this.topology.retry(target, delayMs);
    const properties = againProperties(message.properties, attemptOf(message.properties) + 1, this.server.trust);
    await this.#publish('', queue, message, properties, target);
  }

  async #bury(message: ConsumeMessage, target: Target, error: AppError): Promise<void> {
    const queue = await this.topology.dead(target.topic);
    const headers = deadHeaders(error, castQueue(this.server.cell, target), Date.now());
    const properties = againProperties(message.properties, attemptOf(message.properties), this.server.trust, headers);
    await this.#publish(DEAD_LETTER_EXCHANGE, queue, message, properties, target);
  }

  async #publish(
    exchange: string,
    key: string,
    message: ConsumeMessage,
    properties: ReturnType<typeof againProperties>,
    target: Target,
  ): Promise<void> {
    const outcome = await this.publisher.publish(exchange, key, message.content, properties);
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
