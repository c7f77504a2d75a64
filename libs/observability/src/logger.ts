import type { Ctx } from '@kilonova/util';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { logDestination } from './log-destination.js';
import { withoutSecrets } from './without-secrets.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  /** The process's name in each line. */
  readonly name: string;
  readonly level: LogLevel;
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi;

/** Text with the passwords of URLs covered. */
const withoutCredentials = (text: string): string => text.replace(CREDENTIALS, '$1:***@');

/** Structured logging: a line of JSON each. */
export type Logger = PinoLogger;

/** A logger whose lines name the service and cover secrets. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    name: options.name,
    level: options.level,
    formatters: { log: (fields: Record<string, unknown>) => withoutSecrets(fields) },
    serializers: { err: describeError, error: describeError },
    timestamp: pino.stdTimeFunctions.isoTime,
    base: undefined,
  };
  return pino(settings, options.destination ?? logDestination());
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const extra = error as Error & { code?: unknown; kind?: unknown };
  return {
    type: name,
    kind: extra.kind,
    code: extra.code,
    message: withoutCredentials(message),
    stack: stack === undefined ? undefined : withoutCredentials(stack),
    cause: cause === undefined ? undefined : describeError(cause),
  };
}

/** What each line about a piece of work carries. */
export const logFields = (ctx: Ctx): Record<string, unknown> => ({
  request_id: ctx.requestId,
  global_request_id: ctx.globalRequestId,
  project_id: ctx.principal?.projectId,
  user_id: ctx.principal?.userId,
  traceparent: ctx.traceparent,
});
