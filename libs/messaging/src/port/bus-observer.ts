import type { Delivery } from './delivery.js';

/** The part of a pino logger that the bus writes to. */
export interface BusLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** What happened on the bus, for metrics. Durations in milliseconds. */
export type BusEvent =
  | { readonly type: 'called'; readonly method: string; readonly ok: boolean; readonly ms: number }
  | {
      readonly type: 'published';
      readonly kind: 'cast' | 'fanout' | 'notification';
      readonly outcome: 'sent' | 'unroutable' | 'unavailable';
      readonly count: number;
    }
  | {
      readonly type: 'handled';
      readonly kind: Delivery['kind'];
      readonly method: string;
      readonly outcome: 'done' | 'failed' | 'retry' | 'dead' | 'expired' | 'abandoned';
      readonly ms: number;
    }
  | {
      /**
       * Not delivered to any handler: unreadable, too large, from nobody that the broker vouches for, of another version,
       * or with arguments that do not fit.
       */
      readonly type: 'refused';
      readonly kind: Delivery['kind'];
      readonly code: string;
    }
  | { readonly type: 'connection'; readonly name: string; readonly state: 'up' | 'down' };

/** Called for each event; must not throw and must be quick. */
export type BusObserver = (event: BusEvent) => void;
