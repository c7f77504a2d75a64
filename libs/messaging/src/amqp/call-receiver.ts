import { AppError } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Target } from '../port/target.js';
import type { Dispatcher } from '../serve/dispatcher.js';
import type { Incoming } from '../serve/incoming.js';
import { MAX_BODY_BYTES } from '../wire/body-limits.js';
import { tooLarge } from '../wire/bus-errors.js';
import { toWireError } from '../wire/error.codec.js';
import { hostNames, replyQueue } from '../wire/names.js';
import { type CallOutcome, encodeOutcome } from '../wire/outcome.codec.js';
import type { ManagedChannel } from './managed-channel.js';
import { decodeMessage, type Trust } from './message.codec.js';
import { DIRECT_REPLY } from './replies.js';
import type { Senders } from './senders.js';
import type { Slots } from './slots.js';
import type { Address } from './topology.js';

/** How long an answer waits for a lost connection; the caller has most likely noticed the same loss. */
const REPLY_WAIT_MS = 5_000;

export interface CallServer {
  readonly cell: string;
  readonly trust: Trust;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
  readonly senders: Senders;
}

/** The queue of one agent's calls. */
export interface Inbox {
  /** The only user that can put something there. */
  readonly writer: string;
  /** Shared by all such queues: how many of their calls are handled at once. */
  readonly slots: Slots;
}

/** How long a call waits for its turn; its caller has most likely given up then. */
const TURN_MS = 60_000;

/** The broker closes a channel over a body that is too large, and with it fails every answer under way. */
function bodyOf(outcome: CallOutcome): Buffer {
  const body = Buffer.from(encodeOutcome(outcome));
  if (body.length <= MAX_BODY_BYTES) return body;
  return Buffer.from(encodeOutcome({ type: 'error', error: toWireError(tooLarge(body.length, MAX_BODY_BYTES)) }));
}

/** Answers calls. A request is acknowledged after its answer, so that another server takes over from one that dies. */
export class CallReceiver {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly replies: ManagedChannel<Channel>,
    private readonly server: CallServer,
  ) {}

  /** Never throws: a throw would take the connection down. */
  receive(message: ConsumeMessage, channel: Channel, target: Target, inbox?: Inbox): void {
    void this.#handle(message, target, inbox)
      .catch(() => undefined) // the answer could not be sent: the caller waits no longer or times out
      .then(() => channel.ack(message))
      .catch(() => undefined); // the channel is gone: the broker delivers the request again, or drops it as expired
  }

  async #handle(message: ConsumeMessage, target: Target, inbox?: Inbox): Promise<void> {
    if (!this.server.senders.admits(message, 'call', inbox?.writer)) return;
    const slot = inbox?.slots.take(TURN_MS);
    if (slot !== undefined) await slot;
    try {
      await this.#answer(message, target, inbox);
    } finally {
      inbox?.slots.free();
    }
  }

  async #answer(message: ConsumeMessage, target: Target, inbox?: Inbox): Promise<void> {
    const outcome = await this.#outcome(message, target, inbox);
    if (outcome.type === 'expired') return;
    const { replyTo, correlationId } = message.properties;
    const address = this.#addressOf(replyTo, target, inbox);
    if (address === undefined) return;
    const channel = this.replies.current ?? (await this.replies.opened(REPLY_WAIT_MS));
    const properties = {
      correlationId: correlationId as string,
      userId: this.server.trust.ownUser,
      contentType: 'application/json',
    };
    channel.publish(address.exchange, address.key, bodyOf(outcome), properties);
  }

  /** Undefined: no place for answers. Else a caller could make us write, under our name, into the queue of another. */
  #addressOf(replyTo: unknown, { host }: Target, inbox?: Inbox): Address | undefined {
    const { cell } = this.server;
    const prefix = inbox === undefined ? replyQueue(cell, '') : `${DIRECT_REPLY}.`;
    if (typeof replyTo !== 'string' || !replyTo.startsWith(prefix)) return undefined;
    return { exchange: host === undefined ? '' : hostNames(cell, host).out, key: replyTo };
  }

  async #outcome(message: ConsumeMessage, target: Target, inbox?: Inbox): Promise<CallOutcome> {
    let incoming: Incoming;
    try {
      incoming = decodeMessage(message, 'call', target, this.server.trust);
    } catch (error) {
      return this.#refused(message, target, AppError.from(error), inbox);
    }
    return this.dispatcher.call(incoming);
  }

  #refused(message: ConsumeMessage, target: Target, refusal: AppError, inbox?: Inbox): CallOutcome {
    const { userId = inbox?.writer, messageId } = message.properties;
    this.server.log.error({ target, userId, messageId, code: refusal.code }, 'A call was refused');
    this.server.observe({ type: 'refused', kind: 'call', code: refusal.code });
    this.server.senders.refused(message.properties, inbox?.writer);
    return { type: 'error', error: toWireError(refusal) };
  }
}
