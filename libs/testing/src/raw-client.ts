import { randomUUID } from 'node:crypto';
import { type Channel, type ChannelModel, connect, type Options } from 'amqplib';

/** What came of a raw call: the error's code, the result, `refused` by the broker, or `silence`. */
export type RawOutcome = { readonly code: string } | { readonly result: unknown } | 'refused' | 'silence';

/** Bounds the wait for a response that may be withheld, milliseconds. */
const PATIENCE_MS = 2_000;

/** A hand-made client of the bus: sends what our own never would, as whoever holds a broker user's password can. */
export class RawClient {
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

  async call(queue: string, method: string, args: unknown, over: Options.Publish = {}): Promise<RawOutcome> {
    const channel = await this.channel();
    const replyTo = `${this.cell}.reply.${randomUUID()}`;
    await channel.assertQueue(replyTo, { exclusive: true, autoDelete: true, durable: false });
    const answer = new Promise<RawOutcome>((resolve) => {
      const timer = setTimeout(() => resolve('silence'), PATIENCE_MS);
      void channel.consume(
        replyTo,
        (message) => {
          clearTimeout(timer);
          const body = JSON.parse(message?.content.toString() ?? 'null') as { error?: { code: string }; result?: unknown };
          resolve(body.error === undefined ? { result: body.result } : { code: body.error.code });
        },
        { noAck: true },
      );
    });
    const verdict = await this.#publish('', `${queue}.call`, method, args, { replyTo, correlationId: randomUUID(), ...over });
    const outcome = verdict === 'refused' ? verdict : await answer;
    await channel.close();
    return outcome;
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  async #publish(exchange: string, key: string, type: string, args: unknown, over: Options.Publish) {
    const channel = await this.connection.createConfirmChannel();
    channel.on('error', () => undefined);
    const closed = new Promise<'refused'>((resolve) => channel.once('close', () => resolve('refused')));
    const headers = { 'kn-version': 1, 'kn-request-id': `req-${randomUUID()}`, 'kn-attempt': 1, ...over.headers };
    const body = Buffer.isBuffer(args) ? args : Buffer.from(JSON.stringify(args));
    channel.publish(exchange, key, body, { type, messageId: randomUUID(), ...over, headers });
    const confirmed = channel.waitForConfirms().then(() => 'taken' as const);
    const verdict = await Promise.race([confirmed, closed]).catch(() => 'refused' as const);
    if (verdict === 'taken') await channel.close();
    return verdict;
  }
}
