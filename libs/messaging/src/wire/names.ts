import { type ServiceTopic, type Target, targetName } from '../port/target.js';

// The fixed names on a broker. A command's queue and its routing key are the same word.

export const COMMAND_EXCHANGE = 'kilonova.cmd';
export const DEAD_LETTER_EXCHANGE = 'kilonova.dlx';

export const castQueue = (cell: string, target: Target): string => `${cell}.${targetName(target)}`;
export const callQueue = (cell: string, target: Target): string => `${castQueue(cell, target)}.call`;
export const deadQueue = (cell: string, topic: ServiceTopic): string => `${cell}.dead.${topic}`;
export const fanoutExchange = (cell: string, topic: ServiceTopic): string => `${cell}.${topic}.fanout`;
/** Of one target alone: who may write to it can delay messages of that target, and of no other. */
export const retryQueue = (cell: string, target: Target, delayMs: number): string =>
  `${castQueue(cell, target)}.retry.${delayMs}`;
export const replyQueue = (cell: string, unique: string): string => `${cell}.reply.${unique}`;
