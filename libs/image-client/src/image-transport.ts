import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx } from '@kilonova/util';

/** HTTP to the image service; `imageTransport` of @kilonova/identity-client makes one. */
export interface ImageTransport {
  /** With the token of the service that this process is. */
  send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>>;
  /** With somebody else's token, which is never renewed or kept. */
  sendAs<T>(ctx: Ctx, token: string, request: RestRequest): Promise<RestReply<T>>;
  /** Root URL of the service. */
  endpoint(ctx: Ctx): Promise<string>;
  authHeaders(ctx: Ctx): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export const pathOf = (id: string): string => `/v2/images/${encodeURIComponent(id)}`;

/** An answer that no rule of the caller foresees. */
export const unexpected = (status: number, what: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'image.unexpected',
    message: `The image service answered ${status} when asked ${what}.`,
    details: { status },
  });
