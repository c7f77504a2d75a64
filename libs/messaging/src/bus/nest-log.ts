import { Logger } from '@nestjs/common';
import type { BusLog } from '../port/bus-observer.js';

/** The default log: Nest's logger, which an application points at its own (pino). */
export function nestLog(name = 'MessageBus'): BusLog {
  const logger = new Logger(name);
  const text = (fields: Record<string, unknown>, message: string): string => `${message} ${JSON.stringify(fields)}`;
  return {
    info: (fields, message) => logger.log(text(fields, message)),
    warn: (fields, message) => logger.warn(text(fields, message)),
    error: (fields, message) => logger.error(text(fields, message)),
  };
}
