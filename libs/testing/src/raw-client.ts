import { randomUUID } from 'node:crypto';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect, type Options } from 'amqplib';

/** What came of a raw call: the error's code, the result, `refused` by the broker, or `silence`. */
export type RawOutcome = { readonly code: string } | { readonly result: unknown } | 'refused' | 'silence';

/** Bounds the wait for a response that may be withheld, milliseconds. */
const PATIENCE_MS = 2_000;

/** A hand-made client of the bus: sends what our own never would, as whoever holds a broker user's password can. */
export class RawClient {
  /** Open, and with nothing under way: each publish has one to itself, as the broker ends the channel that it refuses. */
  readonly #idle: ConfirmChannel[] = [];
  readonly #waiting = new Map<string, (outcome: RawOutcome) => void>();
  #replyQueue: Promise<string> | undefined;

  private constructor(
    readonly connection: ChannelModel,
    private readonly cell: string,
  ) {}

  static async connect(url: string, cell: string): Promise<RawClient> {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    return new RawClient(connection, cell);
  }

  /** A fresh channel: the broker ends one for each refusal. */
  async channel(): Promise<Channel> {
    const channel = await this.connection.createChannel();
    channel.on('error', () => undefined);
    return channel;
  }

  /** Resolves with the broker's verdict on the publish itself. */
  async cast(
    queue: string,
    method: string,
    args: unknown,
    over: Options.Publish = {},
    exchange = 'kilonova.cmd',
  ): Promise<'taken' | 'refused'> {
    return this.#publish(exchange, queue, method, args, over);
  }

  /** The response, or `silence` after two seconds. */
  async call(queue: string, method: string, args: unknown, over: Options.Publish = {}): Promise<RawOutcome> {
    const properties = { replyTo: await this.#replies(), correlationId: randomUUID(), ...over };
    const answer = this.#answerTo(properties.correlationId);
    if ((await this.#publish('', `${queue}.call`, method, args, properties)) === 'refused') {
      this.#waiting.get(properties.correlationId)?.('refused');
    }
    return answer;
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  #answerTo(correlationId: string): Promise<RawOutcome> {
    return new Promise((resolve) => {
      const settle = (outcome: RawOutcome): void => {
        clearTimeout(timer);
        this.#waiting.delete(correlationId);
        resolve(outcome);
      };
      const timer = setTimeout(() => settle('silence'), PATIENCE_MS);
      this.#waiting.set(correlationId, settle);
    });
  }

  #replies(): Promise<string> {
    const open = async (): Promise<string> => {
      const channel = await this.channel();
      const { queue } = await channel.assertQueue(`${this.cell}.reply.${randomUUID()}`, {
        exclusive: true,
        autoDelete: true,
        durable: false,
      });
      await channel.consume(queue, (message) => message && this.#answered(message), { noAck: true });
      return queue;
    };
    this.#replyQueue ??= open();
    return this.#replyQueue;
  }

  #answered({ content, properties }: ConsumeMessage): void {
    const body = JSON.parse(content.toString()) as { error?: { code: string }; result?: unknown };
    const outcome = body.error === undefined ? { result: body.result } : { code: body.error.code };
    this.#waiting.get(properties.correlationId as string)?.(outcome);
  }

  async #publish(exchange: string, key: string, type: string, args: unknown, over: Options.Publish) {
    const channel = this.#idle.pop() ?? (await this.#confirmChannel());
    const closed = new Promise<'refused'>((resolve) => channel.once('close', () => resolve('refused')));
    const headers = { 'kn-version': 1, 'kn-request-id': `req-${randomUUID()}`, 'kn-attempt': 1, ...over.headers };
    const body = Buffer.isBuffer(args) ? args : Buffer.from(JSON.stringify(args));
    channel.publish(exchange, key, body, { type, messageId: randomUUID(), ...over, headers });
    const confirmed = channel.waitForConfirms().then(() => 'taken' as const);
    const verdict = await Promise.race([confirmed, closed]).catch(() => 'refused' as const);
    channel.removeAllListeners('close');
    if (verdict === 'taken') this.#idle.push(channel);
    return verdict;
  }

  async #confirmChannel(): Promise<ConfirmChannel> {
    const channel = await this.connection.createConfirmChannel();
    channel.on('error', () => undefined);
    return channel;
  }
}
