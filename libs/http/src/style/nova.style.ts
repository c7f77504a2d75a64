import type { IncomingHttpHeaders } from 'node:http';
import { AppError, invalid } from '@kilonova/util';
import { formatMicroversion, microversion, type Negotiated, type VersionSpan } from '../microversion.js';
import type { ApiReply } from '../request.js';
import { nameRule } from '../schema/name-format.js';
import { pythonRepr } from '../schema/python-repr.js';
import type { SchemaFault } from '../schema/schema-fault.js';
import type { ApiStyle, RoutedRequest } from './api-style.js';
import { faultHeaders, httpStatus, publicMessage } from './status.js';

const KEYS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** `compute 2.90, kilonova 1.0` → the version that one service is asked at. */
export function serviceVersion(value: string | undefined, service: string): string | undefined {
  return value
    ?.split(',')
    .map((part) => part.trim().split(/\s+/))
    .find(([name, version]) => name?.toLowerCase() === service && version !== undefined)?.[1];
}

const path = (fault: SchemaFault): string => {
  const rule = nameRule(fault);
  if (rule !== undefined) return `An invalid 'name' value was provided. The name must be: ${rule}`;
  const last = fault.path.at(-1);
  return last === undefined
    ? fault.message
    : `Invalid input for field/attribute ${last}. Value: ${text(fault.value)}. ${fault.message}`;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : pythonRepr(value));

export interface NovaStyleOptions {
  readonly min: string;
  readonly max: string;
  /** Versions of Kilonova's own extensions, which are asked for beside the API's: `compute 2.96, kilonova 1.0`; left out: there are none. */
  readonly extensions?: Required<VersionSpan>;
  /** Where tokens are to be had; told with each 401. */
  readonly authUri?: string;
}

/** The Compute API's way: microversions in two headers, one key a fault. */
class NovaStyle implements ApiStyle {
  readonly queryValues = 'list';
  readonly faultOrder = 'first';
  readonly hidesMethods = true;
  readonly contentType = 'application/json';
  readonly emptyContentType = 'application/json';
  readonly minVersion: number;
  readonly maxVersion: number;

  constructor(private readonly options: NovaStyleOptions) {
    this.minVersion = microversion(options.min);
    this.maxVersion = microversion(options.max);
  }

  negotiate(headers: IncomingHttpHeaders): Negotiated {
    const both = header(headers, 'openstack-api-version');
    const asked = serviceVersion(both, 'compute') ?? header(headers, 'x-openstack-nova-api-version')?.trim();
    return {
      version: this.#within(asked ?? formatMicroversion(this.minVersion), this.minVersion, this.maxVersion),
      extension: this.#extension(serviceVersion(both, 'kilonova')),
    };
  }

  #extension(asked: string | undefined): number | undefined {
    const { extensions } = this.options;
    if (asked === undefined || extensions === undefined) return undefined;
    return this.#within(asked, microversion(extensions.min), microversion(extensions.max));
  }

  versionHeaders({ version, extension }: Negotiated): Record<string, string> {
    const own = extension === undefined ? '' : `, kilonova ${formatMicroversion(extension)}`;
    return {
      'openstack-api-version': `compute ${formatMicroversion(version)}${own}`,
      'x-openstack-nova-api-version': formatMicroversion(version),
      vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    };
  }

  requestIdHeaders(requestId: string): Record<string, string> {
    return { 'x-openstack-request-id': requestId, 'x-compute-request-id': requestId };
  }

  error(error: AppError) {
    const status = httpStatus(error);
    const key = KEYS[status] ?? 'computeFault';
    const retry = status === 413 || status === 429 ? { retryAfter: '0' } : {};
    const headers: Record<string, string> = { 'content-type': 'application/json; charset=UTF-8', ...faultHeaders(error, status) };
    if (status === 401)
      return unauthenticated(error, { ...headers, 'www-authenticate': `Keystone uri="${this.options.authUri ?? ''}"` });
    return { status, body: { [key]: { code: status, message: publicMessage(error), ...retry } }, headers };
  }

  bodyFault(fault: SchemaFault): AppError {
    return invalid('compute.request.invalid_body', path(fault), { path: fault.path });
  }

  queryFault(fault: SchemaFault): AppError {
    const [name] = fault.path;
    const message =
      name === undefined
        ? fault.message
        : `Invalid input for query parameters ${name}. Value: ${text(fault.value)}. ${fault.message}`;
    return invalid('compute.request.invalid_query', message, { path: fault.path });
  }

  malformedJson(): AppError {
    return invalid('compute.request.malformed_json', 'Malformed request body');
  }

  checkHeaders({ headers, hasBody }: RoutedRequest): void {
    const type = header(headers, 'content-type');
    if (!hasBody || type === undefined || /^(text\/plain|application\/(json|vnd\.openstack\.compute\+json))\b/i.test(type))
      return;
    throw new AppError({
      kind: 'invalid-input',
      code: 'compute.request.media_type',
      message: `Unsupported Content-Type`,
      details: { httpStatus: 415 },
    });
  }

  #within(asked: string, min: number, max: number): number {
    if (asked === 'latest') return max;
    if (!/^[1-9]\d*\.(0|[1-9]\d*)$/.test(asked)) {
      const message = `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`;
      throw invalid('compute.version.malformed', message);
    }
    const version = microversion(asked);
    if (version >= min && version <= max) return version;
    const message = `Version ${asked} is not supported by the API. Minimum is ${formatMicroversion(min)} and maximum is ${formatMicroversion(max)}.`;
    throw new AppError({ kind: 'unsupported-version', code: 'compute.version.unsupported', message });
  }
}

/** Tokens are checked ahead of the API upstream, and refused in the identity service's way. */
const unauthenticated = (error: AppError, headers: Record<string, string>): ApiReply => ({
  status: 401,
  headers,
  body: { error: { code: 401, title: 'Unauthorized', message: publicMessage(error) } },
});

export const novaStyle = (options: NovaStyleOptions): NovaStyle => new NovaStyle(options);
