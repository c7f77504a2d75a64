import type { Ctx } from '@kilonova/util';

/** A service's own standing with the identity service: what it shows to others, and where those are. */
export abstract class ServiceSession {
  /** A token of the service itself, renewed ahead of its end. @throws AppError kind `dependency` */
  abstract token(ctx: Ctx): Promise<string>;

  /** The root URL of a service by catalog type. @throws AppError kind `dependency`, also when the catalog lacks it */
  abstract endpoint(ctx: Ctx, type: string): Promise<string>;

  /** Somebody refused the token: the next one asked for is new. */
  abstract discard(token: string): void;
}
