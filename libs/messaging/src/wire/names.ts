import { type ServiceTopic, type Target, targetName } from '../port/target.js';

// The fixed names on a broker. A command's queue and its routing key are the same word.

export const COMMAND_EXCHANGE = 'kilonova.cmd';
export const DEAD_LETTER_EXCHANGE = 'kilonova.dlx';

export const castQueue = (cell: string, target: Target): string => `${cell}.${targetName(target)}`;
export const callQueue = (cell: string, target: Target): string => `${castQueue(cell, target)}.call`;
export const deadQueue = (cell: string, topic: ServiceTopic): string => `${cell}.dead.${topic}`;
export const fanoutExchange = (cell: string, topic: ServiceTopic): string => `${cell}.${topic}.fanout`;
/** Exchange and queue of one delay: per cell, so that two cells in one vhost don't get each other's copies. */
export const retryQueue = (cell: string, delayMs: number): string => `${cell}.retry.${delayMs}`;
export const replyQueue = (cell: string, unique: string): string => `${cell}.reply.${unique}`;
