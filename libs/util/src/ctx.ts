import { randomUUID } from 'node:crypto';

/** Who asks, as the identity service vouched for it. */
export interface Principal {
  readonly userId: string;
  readonly userName?: string;
  readonly userDomainId?: string;
  readonly projectId?: string;
  readonly projectName?: string;
  readonly projectDomainId?: string;
  readonly roles: readonly string[];
  /** As the service's own policy says, for this request. */
  readonly isAdmin: boolean;
  /** The domain that the token is scoped to, if it is. */
  readonly domainId?: string;
  readonly systemScope?: string;
}

/**
 * What travels with a piece of work through every layer and over the bus. Plain data, so that it can be written
 * into message headers; a transaction is passed beside it, never in it.
 */
export interface Ctx {
  /** `req-<uuid>`: names this request in answers, logs, instance actions and notifications. */
  readonly requestId: string;
  /** The request id that the caller sent along, if it did. */
  readonly globalRequestId?: string;
  readonly principal?: Principal;
  /** Epoch milliseconds after which nobody waits for the result any more. */
  readonly deadline?: number;
  /** W3C trace context (`00-<trace>-<span>-<flags>`). */
  readonly traceparent?: string;
}

export const newRequestId = (): string => `req-${randomUUID()}`;

/** Up to 16 random bytes; uuids come from entropy that is drawn in batches, so that a request costs no system call. */
const hex = (bytes: number): string =>
  randomUUID()
    .replaceAll('-', '')
    .slice(-2 * bytes);

/** A new W3C traceparent; with a parent, the same trace and a new span. */
export function nextTraceparent(parent?: string): string {
  const trace = parent !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(parent) ? parent.slice(3, 35) : hex(16);
  return `00-${trace}-${hex(8)}-01`;
}

/** A context for work that no request started: periodic tasks, start-up, commands. */
export const systemCtx = (purpose = 'system'): Ctx => ({
  requestId: newRequestId(),
  principal: { userId: purpose, roles: ['admin', 'service'], isAdmin: true },
  traceparent: nextTraceparent(),
});

/** The same context with an earlier deadline; an existing earlier one stays. */
export const withDeadline = (ctx: Ctx, deadline: number): Ctx => ({
  ...ctx,
  deadline: ctx.deadline === undefined ? deadline : Math.min(ctx.deadline, deadline),
});
