import { invalid } from '@kilonova/util';
import { driverOf } from '../bus/driver.js';
import { MemoryDeadLetters } from '../memory/memory-dead-letters.js';
import type { DeadLetters, DeadLettersOptions } from './dead-letter.js';

/** The dead letters of one cell. */
export function openDeadLetters(options: DeadLettersOptions): DeadLetters {
  switch (driverOf(options.url)) {
    case 'memory':
      return new MemoryDeadLetters(options);
    case 'amqp':
      throw invalid('messaging.url.scheme', 'amqp is not built in.');
  }
}
