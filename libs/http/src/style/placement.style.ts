import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import { AppError, invalid } from '@kilonova/util';
import { HttpFault } from '../http-fault.js';
import { formatMicroversion, microversion, type Negotiated } from '../microversion.js';
import type { ApiReply } from '../request.js';
import { fullFaultText, type SchemaFault } from '../schema/schema-fault.js';
import { acceptsJson, errorForm } from './accept.js';
import type { ApiStyle, FailedRequest, RoutedRequest } from './api-style.js';
import { errorPage } from './error-page.js';
import { serviceVersion } from './nova.style.js';
import { faultHeaders, httpStatus, publicMessage } from './status.js';

/** The sentence that each status's detail begins with; clients of the reference have learnt to expect it. */
const BAD_REQUEST = 'The server could not comply with the request since it is either malformed or otherwise incorrect.';
const SERVER_ERROR = 'The server has either erred or is incapable of performing the requested operation.';
const SENTENCES: Readonly<Record<number, string>> = {
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  409: 'There was a conflict when trying to complete your request.',
  503: 'The server is currently unavailable. Please try again at a later time.',
};

/** Errors tell their code from this version on. */
const CODES_SINCE = microversion('1.23');

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** The Placement API's way: `errors[]`, a version header that names the service. */
class PlacementStyle implements ApiStyle {
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
      throw invalid('placement.version.malformed', `Invalid microversion: invalid version string: ${asked}`);
    }
    const version = microversion(asked);
    if (version >= this.minVersion && version <= this.maxVersion) return { version };
    const details = { max_version: formatMicroversion(this.maxVersion), min_version: formatMicroversion(this.minVersion) };
    throw new AppError({
      kind: 'unsupported-version',
      code: 'placement.version.unsupported',
      message: `Unacceptable version header: ${asked}`,
      details,
    });
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
    const headers: Record<string, string> = { ...faultHeaders(error, status) };
    const form = errorForm(first(request.headers['accept']));
    const lead = sentence(status, request.method);
    const text = withoutTags(publicMessage(error));
    if (form === 'application/json')
      return { status, headers, body: { errors: [this.#entry(error, status, `${lead}\n\n ${text}${tail(status)}`, request)] } };
    const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
    headers['content-type'] = `${form}; charset=UTF-8`;
    return { status, headers, body: form === 'text/html' ? errorPage(title, text, lead) : `${title}\n\n${lead}\n\n ${text}\n` };
  }

  #entry(error: AppError, status: number, detail: string, request: FailedRequest): Record<string, unknown> {
    const coded = (request.version ?? 0) >= CODES_SINCE ? { code: publicCode(error) } : {};
    const { max_version, min_version } = error.details;
    const versions = max_version === undefined ? {} : { max_version, min_version };
    return { status, title: STATUS_CODES[status] ?? 'Error', detail, ...coded, ...versions, request_id: request.requestId };
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

  checkHeaders({ method, headers, wantsBody, isPublic }: RoutedRequest): void {
    const type = first(headers['content-type']);
    if (type === undefined && Number(first(headers['content-length']) ?? 0) > 0) {
      throw invalid('placement.undefined_code', 'content-type header required when content-length > 0');
    }
    if (wantsBody && type?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
      throw new HttpFault({
        status: 415,
        code: 'placement.undefined_code',
        message: `The media type ${type ?? 'None'} is not supported, use application/json`,
      });
    }
    if (method !== 'GET' || isPublic || acceptsJson(first(headers['accept']))) return;
    throw new HttpFault({ status: 406, code: 'placement.undefined_code', message: 'Only application/json is provided' });
  }
}

function sentence(status: number, method: string): string {
  if (status === 405) return `The method ${method} is not allowed for this resource. `;
  return SENTENCES[status] ?? (status < 500 ? BAD_REQUEST : SERVER_ERROR);
}

/** Detail texts end in two spaces, but where the sentence names the method. */
const tail = (status: number): string => (status === 405 ? '' : '  ');

/** One line without markup. */
const withoutTags = (text: string): string =>
  text
    .replaceAll('\n', ' ')
    .replaceAll('\r', '')
    .replace(/<[^>]*>/g, '');

const publicCode = (error: AppError): string => (error.code.startsWith('placement.') ? error.code : 'placement.undefined_code');

export const placementStyle = (versions: { readonly min: string; readonly max: string }): PlacementStyle =>
  new PlacementStyle(versions);
