import { EventPattern, MessagePattern } from '@nestjs/microservices';

/** The method answers calls of that name (and takes casts of it where no `OnCast` does). Nest's `@MessagePattern`. */
export const OnCall = (method: string): MethodDecorator => MessagePattern(method);

/** The method takes casts and fanouts of that name. Nest's `@EventPattern`, whose own type refuses a typed context argument. */
export const OnCast = (method: string): MethodDecorator => EventPattern<string>(method);
