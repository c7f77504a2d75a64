import type { Ctx } from '@kilonova/util';

export type NotificationPriority = 'INFO' | 'ERROR';

/** An event for outsiders before it is wrapped: `topic` is the family's (`versioned_notifications` or `notifications`). */
export interface NotificationMessage {
  readonly topic: string;
  readonly ctx: Ctx;
  readonly messageId: string;
  readonly publisherId: string;
  readonly eventType: string;
  readonly priority: NotificationPriority;
  readonly payload: unknown;
  /** When it happened. */
  readonly timestamp: Date;
}
