import type { MessageProperties } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Delivery } from '../port/delivery.js';
import type { Sender } from '../port/sender.js';
import { SENDER_LIMITS, SenderMeter } from '../serve/sender-meter.js';
import { firstSender, type RawMessage, type Trust } from './message.codec.js';

/** All for whom the broker does not vouch are one. */
const NOBODY = '';

/** Who of a server's senders is listened to; the control plane always is. */
export class Senders {
  readonly #meter: SenderMeter;

  constructor(
    private readonly trust: Trust,
    log: BusLog,
    private readonly observe: (event: BusEvent) => void,
    /** Told who is not listened to from now on, and how long, milliseconds. */
    onSilence: (sender: string, ms: number) => void = () => undefined,
    limits = SENDER_LIMITS,
  ) {
    this.#meter = new SenderMeter(limits, (sender) => {
      log.error({ sender, ms: limits.silenceMs }, 'A sender floods us; it is not listened to for a while');
      onSilence(sender, limits.silenceMs);
    });
  }

  /**
   * Counts a message; `writer` is the only user that can send by the queue that it came from, whose bytes count too.
   * @returns false for one that is to be acknowledged and forgotten.
   */
  admits({ properties, content }: RawMessage, kind: Delivery['kind'], writer?: string): boolean {
    const name = this.#nameOf(properties);
    const bytes = writer === undefined ? 0 : content.length;
    if (this.#isTrusted(name) || this.#meter.admits(writer ?? name, bytes)) return true;
    this.observe({ type: 'refused', kind, code: 'messaging.sender.floods' });
    return false;
  }

  /** Counts the refusal of a message that could not be read as one of ours. */
  refused(properties: MessageProperties, writer?: string): void {
    const name = this.#nameOf(properties);
    if (!this.#isTrusted(name)) this.#meter.refused(writer ?? name);
  }

  /** Counts the refusal of a message by a guard or a handler. */
  refusedOf(sender: Sender): void {
    if (sender.kind === 'user' && !this.#isTrusted(sender.name)) this.#meter.refused(sender.name);
  }

  #nameOf(properties: MessageProperties): string {
    return firstSender(properties, this.trust) ?? NOBODY;
  }

  #isTrusted(name: string): boolean {
    return name === this.trust.ownUser || this.trust.controlPlane.has(name);
  }
}
