import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/**
 * Lets a handler's error through to the bus as it is, where Nest would put "Internal server error" in its place.
 * For message handlers only: never bind it to an HTTP application.
 */
@Catch()
export class RpcErrorFilter implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
