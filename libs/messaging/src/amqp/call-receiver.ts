import { AppError } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Target } from '../port/target.js';
import type { Dispatcher } from '../serve/dispatcher.js';
import { toWireError } from '../wire/error.codec.js';
import { type CallOutcome, encodeOutcome } from '../wire/outcome.codec.js';
import type { AmqpLink } from './amqp-link.js';
import type { ManagedChannel } from './managed-channel.js';
import { decodeMessage } from './message.codec.js';

/** How long an answer waits for a lost connection; the caller has most likely noticed the same loss. */
const REPLY_WAIT_MS = 5_000;

/** Answers calls. A request is acknowledged after its answer, so that another server takes over from one that dies. */
export class CallReceiver {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly replies: ManagedChannel<Channel>,
    private readonly link: AmqpLink,
  ) {}

  /** Never throws: a throw would take the connection down. */
  receive(message: ConsumeMessage, channel: Channel, target: Target): void {
    void this.#handle(message, target)
      .catch(() => undefined) // the answer could not be sent: the caller waits no longer or times out
      .then(() => channel.ack(message))
      .catch(() => undefined); // the channel is gone: the broker delivers the request again, or drops it as expired
  }

  async #handle(message: ConsumeMessage, target: Target): Promise<void> {
    const outcome = await this.#outcome(message, target);
    if (outcome.type === 'expired') return;
    const { replyTo, correlationId } = message.properties;
    if (typeof replyTo !== 'string') return;
    const channel = this.replies.current ?? (await this.replies.opened(REPLY_WAIT_MS));
    const properties = { correlationId: correlationId as string, userId: this.link.user, contentType: 'application/json' };
    channel.sendToQueue(replyTo, Buffer.from(encodeOutcome(outcome)), properties);
  }

  async #outcome(message: ConsumeMessage, target: Target): Promise<CallOutcome> {
    try {
      return await this.dispatcher.call(decodeMessage(message, 'call', target, this.link.user));
    } catch (error) {
      return { type: 'error', error: toWireError(AppError.from(error)) };
    }
  }
}
