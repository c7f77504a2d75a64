import { notificationKey } from '../notifications/oslo.codec.js';
import type { QueueType } from '../port/bus-options.js';
import { DEFAULT_RETRY_DELAYS_MS } from '../serve/failure.js';
import { COMMAND_EXCHANGE, DEAD_LETTER_EXCHANGE, deadQueue, fanoutExchange, helloExchange, hostNames } from '../wire/names.js';
import {
  castQueueArguments,
  type Flow,
  hostCallQueueArguments,
  hostFanoutQueueArguments,
  inboxArguments,
  throttleArguments,
} from './queue-arguments.js';

export const DEFAULT_NOTIFICATION_EXCHANGE = 'nova';

/** A queue that exists once for each host. */
export interface HostQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Routing keys under which the host's agent sends to it through its own exchange; none: it cannot. */
  readonly sentAs: readonly string[];
  /** The exchange by which the control plane sends to it, beside the default one, under the queue's name. */
  readonly from?: string;
  /** Whether the host's agent takes from it. */
  readonly taken: boolean;
}

export interface HostTopology {
  /** The one exchange that the host's agent may write to: it reaches what is bound to it, and nothing else. */
  readonly out: string;
  readonly casts: HostQueue;
  readonly calls: HostQueue;
  readonly fanouts: HostQueue;
  /** What the agent asks its conductor. */
  readonly inbox: HostQueue;
  /** Casts that failed, on their way to the agents' shelf of dead letters. */
  readonly dead: HostQueue;
  /** On its way to every conductor: there is such a host. */
  readonly hello: HostQueue;
  /** Events, on their way to the exchange of notifications. */
  readonly events: HostQueue;
  /** Casts that failed, until they come back; by delay, milliseconds. */
  readonly retry: (delayMs: number) => HostQueue;
}

const MIB = 1024 * 1024;
/**
 * What one host adds to queues that others share, or that are written to disk; no single message is longer than `bytes`. A busy host
 * tells of some dozens of events a second.
 */
const DEAD_FLOW: Flow = { messages: 20, bytes: MIB, everyMs: 250 };
const HELLO_FLOW: Flow = { messages: 1, bytes: 1_024, everyMs: 500 };
const EVENT_FLOW: Flow = { messages: 200, bytes: 2 * MIB, everyMs: 500 };
const RETRY_LIMITS = { messages: 200, bytes: MIB };

/** Families of events that every cloud has. */
export const EVENT_TOPICS: readonly string[] = ['versioned_notifications', 'notifications'];

/** The routing keys of families of events. */
export const eventKeys = (topics: readonly string[]): readonly string[] =>
  topics.flatMap((topic) => [notificationKey(topic, 'INFO'), notificationKey(topic, 'ERROR')]);

export interface HostTopologyOptions {
  readonly queueType?: QueueType;
  /** Whose events the agent may tell. */
  readonly topics?: readonly string[];
  /** The exchange of notifications. */
  readonly events?: string;
}

/**
 * Who may send what to whom on a cell's broker, as far as one host's agent is concerned. Rights, definitions and declarations follow
 * from this. What agents share with each other, dead letters and events, each reaches through a queue of its own that lets through
 * so much and no more; what conductors read of an agent is that host's alone.
 */
export function hostTopology(cell: string, host: string, options: HostTopologyOptions = {}): HostTopology {
  const { queueType = 'quorum', topics = EVENT_TOPICS, events = DEFAULT_NOTIFICATION_EXCHANGE } = options;
  const names = hostNames(cell, host);
  const graves = deadQueue(cell, 'compute');
  const back = { exchange: COMMAND_EXCHANGE, key: names.casts };
  const taken = (name: string, args: HostQueue['arguments'], from?: string): HostQueue => ({
    name,
    arguments: args,
    sentAs: [],
    ...(from === undefined ? {} : { from }),
    taken: true,
  });
  const sent = (name: string, args: HostQueue['arguments'], sentAs: readonly string[] = [name]): HostQueue => ({
    name,
    arguments: args,
    sentAs,
    taken: false,
  });
  return {
    out: names.out,
    casts: taken(names.casts, castQueueArguments(graves, queueType), COMMAND_EXCHANGE),
    calls: taken(names.calls, hostCallQueueArguments()),
    fanouts: taken(names.fanouts, hostFanoutQueueArguments(), fanoutExchange(cell, 'compute')),
    inbox: sent(names.inbox, inboxArguments()),
    dead: sent(names.dead, throttleArguments(DEAD_FLOW, { exchange: DEAD_LETTER_EXCHANGE, key: graves })),
    hello: sent(names.hello, throttleArguments(HELLO_FLOW, { exchange: helloExchange(cell), key: host })),
    events: sent(names.events, throttleArguments(EVENT_FLOW, { exchange: events }), eventKeys(topics)),
    retry: (delayMs) => sent(names.retry(delayMs), throttleArguments({ ...RETRY_LIMITS, everyMs: delayMs }, back)),
  };
}

/** Every queue of a host; retries after the usual delays. */
export const hostQueues = (topology: HostTopology): readonly HostQueue[] => {
  const { casts, calls, fanouts, inbox, dead, hello, events, retry } = topology;
  return [casts, calls, fanouts, inbox, dead, hello, events, ...[...new Set(DEFAULT_RETRY_DELAYS_MS)].map(retry)];
};
