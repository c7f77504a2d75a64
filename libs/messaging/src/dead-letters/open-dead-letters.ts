import { AmqpDeadLetters } from '../amqp/amqp-dead-letters.js';
import { driverOf } from '../bus/driver.js';
import { MemoryDeadLetters } from '../memory/memory-dead-letters.js';
import type { DeadLetters, DeadLettersOptions } from './dead-letter.js';

/** The dead letters of one cell. */
export function openDeadLetters(options: DeadLettersOptions): DeadLetters {
  switch (driverOf(options.url)) {
    case 'memory':
      return new MemoryDeadLetters(options);
    case 'amqp':
      return new AmqpDeadLetters(options);
  }
}
