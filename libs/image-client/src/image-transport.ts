import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx } from '@kilonova/util';

/** HTTP to the image service with the caller's own credentials; `imageTransport` of @kilonova/identity-client makes one. */
export interface ImageTransport {
  send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>>;
  /** Root URL of the service. */
  endpoint(ctx: Ctx): Promise<string>;
  authHeaders(ctx: Ctx): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** An answer that no rule of the caller foresees. */
export const unexpected = (status: number, what: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'image.unexpected',
    message: `The image service answered ${status} when asked ${what}.`,
    details: { status },
  });
