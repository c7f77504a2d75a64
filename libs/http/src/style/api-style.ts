import type { IncomingHttpHeaders } from 'node:http';
import type { AppError } from '@kilonova/util';
import type { Microversion, Negotiated } from '../microversion.js';
import type { ApiReply } from '../request.js';
import type { FaultOrder, SchemaFault } from '../schema/schema-fault.js';

/** What of a failed request an error body may need. */
export interface FailedRequest {
  readonly requestId: string;
  /** Undefined before or without negotiation. */
  readonly version: Microversion | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** False when no route matched the URL. */
  readonly routed: boolean;
}

/** What is known of a request once its route is. */
export interface RoutedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly hasBody: boolean;
  /** The route reads a JSON body at the negotiated version. */
  readonly wantsBody: boolean;
  readonly isPublic: boolean;
}

/** How a service says what all services say: its versions, its errors, its headers. */
export interface ApiStyle {
  readonly minVersion: Microversion;
  readonly maxVersion: Microversion;
  /** Values of a query parameter as schemas see them: each a list, or the last one given. */
  readonly queryValues: 'list' | 'last';
  /** Which of several schema faults is told; default the outermost. */
  readonly faultOrder?: FaultOrder;
  /** A method that a URL lacks is answered like a URL that is not there (404) instead of 405. */
  readonly hidesMethods?: boolean;
  /** @throws AppError for a version that is malformed (400) or not supported (406). */
  negotiate(headers: IncomingHttpHeaders): Negotiated;
  /** Headers of every answer of a negotiated request. */
  versionHeaders(negotiated: Negotiated): Record<string, string>;
  requestIdHeaders(requestId: string): Record<string, string>;
  error(error: AppError, request: FailedRequest): ApiReply;
  bodyFault(fault: SchemaFault): AppError;
  queryFault(fault: SchemaFault): AppError;
  malformedJson(message: string): AppError;
  /** The content type of JSON answers that are not errors. */
  readonly contentType: string;
  /** The content type of empty responses; none when left out. */
  readonly emptyContentType?: string;
  /** Checks Accept, Content-Type and the like of a routed request. @throws AppError */
  checkHeaders?(request: RoutedRequest): void;
}
