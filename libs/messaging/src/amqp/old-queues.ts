import { AppError, withTimeout } from '@kilonova/util';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { DEFAULT_RETRY_DELAYS_MS } from '../serve/failure.js';
import { unavailable } from '../wire/bus-errors.js';
import { castQueue } from '../wire/names.js';
import { withHeartbeat } from './amqp-url.js';

const WITHIN_MS = 15_000;
const NOT_FOUND = 404;

/** A queue of an earlier layout, as it was found. */
export interface OldQueue {
  readonly name: string;
  readonly messages: number;
  readonly consumers: number;
  /** Only what is empty and read by nobody is. */
  readonly removed: boolean;
}

/**
 * Queues that earlier layouts of a cell kept for good and no present process uses: retries of the whole cell, then quorum queues of each
 * host. Queues of calls are not among them: those end by themselves.
 */
export const oldQueueNames = (cell: string, hosts: readonly string[]): readonly string[] => {
  const delays = [...new Set(DEFAULT_RETRY_DELAYS_MS)];
  const bases = [cell, ...hosts.map((host) => castQueue(cell, { topic: 'compute', host }))];
  return bases.flatMap((base) => delays.map((ms) => `${base}.retry.${ms}`));
};

export interface OldQueuesOptions {
  /** Of a user that may read and delete everything there. */
  readonly url: string;
  readonly cell: string;
  readonly hosts: readonly string[];
  /** Left out: nothing is changed. */
  readonly remove?: boolean;
}

/**
 * Finds the queues of earlier layouts on a cell's broker, and with `remove` deletes those that are empty. A quorum queue cannot be deleted
 * on the condition that it is empty, so it is looked at and deleted right afterwards: processes of an earlier release must be gone by then.
 * @throws AppError `messaging.unavailable`.
 */
export async function oldQueues({ url, cell, hosts, remove = false }: OldQueuesOptions): Promise<readonly OldQueue[]> {
  const connection = await opened(url);
  try {
    const found: OldQueue[] = [];
    const looking = new LookingChannel(connection);
    for (const name of oldQueueNames(cell, hosts)) {
      const queue = await looking.find(name);
      if (queue !== undefined) found.push({ ...queue, removed: remove && (await looking.removeIfIdle(queue)) });
    }
    return found;
  } finally {
    await withTimeout(connection.close(), WITHIN_MS, () => unavailable('no answer')).catch(() => undefined);
  }
}

async function opened(url: string): Promise<ChannelModel> {
  try {
    const connection = await connect(withHeartbeat(url), { noDelay: true, timeout: WITHIN_MS });
    connection.on('error', () => undefined);
    return connection;
  } catch (error) {
    throw unavailable('no connection', error);
  }
}

/** A queue that is not there ends the channel that asked for it. */
class LookingChannel {
  #channel: Channel | undefined;

  constructor(private readonly connection: ChannelModel) {}

  async find(name: string): Promise<Omit<OldQueue, 'removed'> | undefined> {
    try {
      const { messageCount: messages, consumerCount: consumers } = await this.#ask((channel) => channel.checkQueue(name));
      return { name, messages, consumers };
    } catch (error) {
      this.#channel = undefined;
      if ((error as { code?: unknown }).code === NOT_FOUND) return undefined;
      throw error instanceof AppError ? error : unavailable(`could not look at ${name}`, error);
    }
  }

  async removeIfIdle({ name, messages, consumers }: Omit<OldQueue, 'removed'>): Promise<boolean> {
    if (messages > 0 || consumers > 0) return false;
    await this.#ask((channel) => channel.deleteQueue(name));
    return true;
  }

  async #ask<T>(deed: (channel: Channel) => Promise<T>): Promise<T> {
    this.#channel ??= await this.#open();
    return withTimeout(deed(this.#channel), WITHIN_MS, () => unavailable('the broker does not answer'));
  }

  async #open(): Promise<Channel> {
    const channel = await this.connection.createChannel();
    channel.on('error', () => undefined);
    return channel;
  }
}
