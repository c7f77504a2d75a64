import { randomUUID } from 'node:crypto';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect, type Options } from 'amqplib';

/** What a publish met: a queue, the broker's refusal, or no queue at all. */
export type Verdict = 'taken' | 'refused' | 'nowhere';

/** What came of a raw call: the error's code, the result, `silence`, or that no queue took it. */
export type RawOutcome = { readonly code: string } | { readonly result: unknown } | Exclude<Verdict, 'taken'> | 'silence';

/** By which an agent is answered, on the channel of its call. */
const DIRECT_REPLY = 'amq.rabbitmq.reply-to';

/** Bounds the wait for a response that may be withheld, milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * A hand-made client of the bus: sends what our own never would, as whoever holds a broker user's password can. With a host it calls as
 * that host's agent: through the exchange of the host, which leads to the one queue of conductors that an agent reaches.
 */
export class RawClient {
  /** Open, and with nothing under way: each publish has one to itself, as the broker ends the channel that it refuses. */
  readonly #idle: ConfirmChannel[] = [];
  readonly #waiting = new Map<string, (outcome: RawOutcome) => void>();
  #replies: Promise<{ readonly queue: string; readonly channel: Channel }> | undefined;

  private constructor(
    readonly connection: ChannelModel,
    private readonly cell: string,
    private readonly host: string | undefined,
  ) {}

  static async connect(url: string, cell: string, host?: string): Promise<RawClient> {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    return new RawClient(connection, cell, host);
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
  ): Promise<Verdict> {
    const channel = this.#idle.pop() ?? (await this.#confirmChannel());
    const verdict = await this.#publish(channel, exchange, queue, method, args, over);
    if (verdict !== 'refused') this.#idle.push(channel);
    return verdict;
  }

  /** Says as the agent of its host that it is there, so that conductors take what it asks. */
  async hello(): Promise<void> {
    const base = `${this.cell}.compute.${this.host}`;
    await this.cast(`${base}.hello`, 'hello', {}, {}, `${base}.out`);
  }

  /**
   * The response, or `silence` after two seconds.
   * @param exchange left out: that by which such a client reaches the queue
   */
  async call(queue: string, method: string, args: unknown, over: Options.Publish = {}, exchange?: string): Promise<RawOutcome> {
    const channel = this.#idle.pop() ?? (await this.#confirmChannel());
    const properties = { replyTo: await this.#replyTo(queue), correlationId: randomUUID(), ...over };
    const answer = this.#answerTo(properties.correlationId);
    const [by, key] = this.#addressOf(queue);
    const verdict = await this.#publish(channel, exchange ?? by, key, method, args, properties);
    if (verdict !== 'taken') this.#waiting.get(properties.correlationId)?.(verdict);
    const outcome = await answer;
    if (verdict !== 'refused') this.#idle.push(channel); // not before: an agent's answer comes by the same channel
    return outcome;
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

  #addressOf(queue: string): readonly [exchange: string, key: string] {
    const calls = this.#isAgents(queue) ? `${queue}.calls` : `${queue}.call`;
    if (this.host === undefined) return ['', calls];
    const isConductor = queue === `${this.cell}.conductor`;
    return [`${this.cell}.compute.${this.host}.out`, isConductor ? `${this.cell}.conductor.calls.${this.host}` : calls];
  }

  #isAgents(queue: string): boolean {
    return queue.startsWith(`${this.cell}.compute.`);
  }

  /** An agent that is asked answers through the exchange of its host. */
  async #replyTo(asked: string): Promise<string> {
    if (this.host !== undefined) return DIRECT_REPLY;
    this.#replies ??= this.#openReplies();
    const { queue, channel } = await this.#replies;
    if (this.#isAgents(asked)) await channel.bindQueue(queue, `${asked}.out`, queue);
    return queue;
  }

  async #openReplies(): Promise<{ readonly queue: string; readonly channel: Channel }> {
    const channel = await this.channel();
    const { queue } = await channel.assertQueue(`${this.cell}.reply.${randomUUID()}`, {
      exclusive: true,
      autoDelete: true,
      durable: false,
    });
    await channel.consume(queue, (message) => message && this.#answered(message), { noAck: true });
    return { queue, channel };
  }

  #answered({ content, properties }: ConsumeMessage): void {
    const body = JSON.parse(content.toString()) as { error?: { code: string }; result?: unknown };
    const outcome = body.error === undefined ? { result: body.result } : { code: body.error.code };
    this.#waiting.get(properties.correlationId as string)?.(outcome);
  }

  async #publish(
    channel: ConfirmChannel,
    exchange: string,
    key: string,
    type: string,
    args: unknown,
    over: Options.Publish,
  ): Promise<Verdict> {
    let taken: Verdict = 'taken';
    const closed = new Promise<Verdict>((resolve) => channel.once('close', () => resolve('refused')));
    channel.once('return', () => {
      taken = 'nowhere';
    });
    const headers = { 'kn-version': 1, 'kn-request-id': `req-${randomUUID()}`, 'kn-attempt': 1, ...over.headers };
    const body = Buffer.isBuffer(args) ? args : Buffer.from(JSON.stringify(args));
    channel.publish(exchange, key, body, { type, messageId: randomUUID(), mandatory: true, ...over, headers });
    const confirmed = channel.waitForConfirms().then(() => taken);
    const verdict = await Promise.race([confirmed, closed]).catch((): Verdict => 'refused');
    channel.removeAllListeners('close').removeAllListeners('return');
    return verdict;
  }

  async #confirmChannel(): Promise<ConfirmChannel> {
    const channel = await this.connection.createConfirmChannel();
    channel.on('error', () => undefined);
    if (this.host !== undefined)
      await channel.consume(DIRECT_REPLY, (message) => message && this.#answered(message), { noAck: true });
    return channel;
  }
}
