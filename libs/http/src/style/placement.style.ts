import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import { AppError, invalid } from '@kilonova/util';
import { formatMicroversion, microversion } from '../microversion.js';
import type { ApiReply } from '../request.js';
import { fullFaultText, type SchemaFault } from '../schema/schema-fault.js';
import type { ApiStyle, FailedRequest, Negotiated } from './api-style.js';
import { serviceVersion } from './nova.style.js';
import { httpStatus, publicMessage } from './status.js';

/** The sentence that each status's detail begins with; clients of the reference have learnt to expect it. */
const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  409: 'There was a conflict when trying to complete your request.',
  500: 'The server has either erred or is incapable of performing the requested operation.',
  503: 'The server is currently unavailable. Please try again at a later time.',
};

/** Errors tell their code from this version on. */
const CODES_SINCE = microversion('1.23');

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** The Placement API's way: `errors[]`, a version header that names the service. */
export class PlacementStyle implements ApiStyle {
  readonly queryValues = 'last';
  readonly contentType = 'application/json';
  readonly minVersion: number;
  readonly maxVersion: number;

  constructor(versions: { readonly min: string; readonly max: string }) {
    this.minVersion = microversion(versions.min);
    this.maxVersion = microversion(versions.max);
  }

  negotiate(headers: IncomingHttpHeaders): Negotiated {
    const raw = headers['openstack-api-version'];
    const asked = serviceVersion(Array.isArray(raw) ? raw.join(',') : raw, 'placement') ?? '1.0';
    if (asked === 'latest') return { version: this.maxVersion };
    if (!/^\d+\.\d+$/.test(asked)) {
      throw invalid('placement.version.malformed', `Invalid microversion: invalid version string: ${asked}`, { beforeRouting: true });
    }
    const version = microversion(asked);
    if (version >= this.minVersion && version <= this.maxVersion) return { version };
    const details = { beforeRouting: true, max_version: formatMicroversion(this.maxVersion), min_version: formatMicroversion(this.minVersion) };
    throw new AppError({ kind: 'unsupported-version', code: 'placement.version.unsupported', message: `Unacceptable version header: ${asked}`, details });
  }

  versionHeaders({ version }: Negotiated): Record<string, string> {
    return { 'openstack-api-version': `placement ${formatMicroversion(version)}`, vary: 'openstack-api-version' };
  }

  requestIdHeaders(requestId: string): Record<string, string> {
    return { 'x-openstack-request-id': requestId };
  }

  error(error: AppError, request: FailedRequest): ApiReply {
    const status = httpStatus(error);
    if (status === 401) return { status, body: { message: error.message, code: '401 Unauthorized', title: 'Unauthorized' } };
    const title = STATUS_CODES[status] ?? 'Error';
    const detail = `${sentence(status, request.method)}\n\n ${publicMessage(error)}  `;
    const coded = (request.version ?? 0) >= CODES_SINCE ? { code: publicCode(error) } : {};
    const { max_version, min_version } = error.details;
    const versions = max_version === undefined ? {} : { max_version, min_version };
    const allow = typeof error.details['allow'] === 'string' ? { allow: error.details['allow'] } : undefined;
    return { status, headers: allow, body: { errors: [{ status, title, detail, ...coded, ...versions, request_id: request.requestId }] } };
  }

  bodyFault(fault: SchemaFault): AppError {
    return invalid('placement.undefined_code', `JSON does not validate: ${fullFaultText(fault)}`, { path: fault.path });
  }

  queryFault(fault: SchemaFault): AppError {
    return invalid('placement.undefined_code', `Invalid query string parameters: ${fullFaultText(fault)}`, { path: fault.path });
  }

  malformedJson(message: string): AppError {
    return invalid('placement.undefined_code', `Malformed JSON: ${message}`);
  }

  checkHeaders({ headers, hasBody }: { headers: IncomingHttpHeaders; hasBody: boolean }): void {
    const type = first(headers['content-type']);
    const length = first(headers['content-length']);
    if (length !== undefined && Number(length) > 0 && type === undefined) {
      throw invalid('placement.undefined_code', 'content-type header required when content-length > 0');
    }
    if (hasBody && type?.split(';')[0]?.trim() !== 'application/json') throw unsupportedMediaType(type);
    const accept = first(headers['accept']);
    if (accept === undefined || /(\*\/\*|application\/(json|\*))/.test(accept)) return;
    throw new AppError({
      kind: 'invalid-input',
      code: 'placement.undefined_code',
      message: 'Only application/json is provided',
      details: { httpStatus: 406 },
    });
  }
}

const sentence = (status: number, method: string): string =>
  status === 405 ? `The method ${method} is not allowed for this resource. ` : (SENTENCES[status] ?? STATUS_CODES[status] ?? '');

const publicCode = (error: AppError): string => (error.code.startsWith('placement.') ? error.code : 'placement.undefined_code');

const unsupportedMediaType = (type: string | undefined): AppError =>
  new AppError({
    kind: 'invalid-input',
    code: 'placement.undefined_code',
    message: `The media type ${type ?? 'None'} is not supported, use application/json`,
    details: { httpStatus: 415 },
  });

export const placementStyle = (versions: { readonly min: string; readonly max: string }): PlacementStyle => new PlacementStyle(versions);
