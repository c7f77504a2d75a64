import { STATUS_CODES } from 'node:http';
import { type AppError, invalid } from '@kilonova/util';
import type { Negotiated } from '../microversion.js';
import type { ApiReply } from '../request.js';
import type { SchemaFault } from '../schema/schema-fault.js';
import type { ApiStyle } from './api-style.js';
import { faultHeaders, httpStatus, publicMessage } from './status.js';

/** A service without microversions whose errors are `{"error": {code, message, title}}`, as the identity API's are. */
export class PlainStyle implements ApiStyle {
  readonly queryValues = 'last';
  readonly contentType = 'application/json';
  readonly minVersion = 1000;
  readonly maxVersion = 1000;

  negotiate(): Negotiated {
    return { version: this.minVersion };
  }

  versionHeaders(): Record<string, string> {
    return {};
  }

  requestIdHeaders(requestId: string): Record<string, string> {
    return { 'x-openstack-request-id': requestId };
  }

  error(error: AppError): ApiReply {
    const status = httpStatus(error);
    const headers: Record<string, string> = faultHeaders(error, status);
    if (status === 401) headers['www-authenticate'] = 'Keystone';
    return {
      status,
      headers,
      body: { error: { code: status, message: publicMessage(error), title: STATUS_CODES[status] ?? 'Error' } },
    };
  }

  bodyFault(fault: SchemaFault): AppError {
    const where = fault.path.length === 0 ? '' : `${fault.path.join('.')}: `;
    return invalid('request.invalid_body', `${where}${fault.message}`);
  }

  queryFault(fault: SchemaFault): AppError {
    return invalid('request.invalid_query', fault.message);
  }

  malformedJson(message: string): AppError {
    return invalid('request.malformed_json', `The request body is not valid JSON: ${message}`);
  }
}
