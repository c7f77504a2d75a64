import { type ServiceTopic, type Target, targetName } from '../port/target.js';

// The fixed names on a broker. A command's queue and its routing key are the same word.

export const COMMAND_EXCHANGE = 'kilonova.cmd';
export const DEAD_LETTER_EXCHANGE = 'kilonova.dlx';

export const castQueue = (cell: string, target: Target): string => `${cell}.${targetName(target)}`;
/** A host's is kept while nobody serves it; the others are gone then. */
export const callQueue = (cell: string, target: Target): string =>
  `${castQueue(cell, target)}.${target.host === undefined ? 'call' : 'calls'}`;
export const deadQueue = (cell: string, topic: ServiceTopic): string => `${cell}.dead.${topic}`;
export const fanoutExchange = (cell: string, topic: ServiceTopic): string => `${cell}.${topic}.fanout`;
/** Of one target alone: who may write to it can delay messages of that target, and of no other. */
export const retryQueue = (cell: string, target: Target, delayMs: number): string =>
  `${castQueue(cell, target)}.${target.host === undefined ? 'retry' : 'again'}.${delayMs}`;
export const replyQueue = (cell: string, unique: string): string => `${cell}.reply.${unique}`;

/** Of one host: through which exchange its agent sends, and where that arrives. */
export const hostNames = (cell: string, host: string) => {
  const agent: Target = { topic: 'compute', host };
  const base = castQueue(cell, agent);
  return {
    casts: base,
    calls: callQueue(cell, agent),
    fanouts: `${base}.fanout`,
    out: `${base}.out`,
    inbox: `${cell}.conductor.calls.${host}`,
    dead: `${base}.dead`,
    hello: `${base}.hello`,
    events: `${base}.events`,
    retry: (delayMs: number): string => retryQueue(cell, agent, delayMs),
  };
};

/** Where conductors hear which hosts there are. */
export const helloExchange = (cell: string): string => `${cell}.conductor.hello`;

/** Host names whose queues would have names that mean something else: `fanout.x`, `h1.calls`, `h1.again.1000`. */
const RESERVED = /^fanout(\.|$)|\.(calls?|fanout|out|dead|hello|events|(again|retry)\.\d+)$/;

export const isReservedHost = (host: string): boolean => RESERVED.test(host);
