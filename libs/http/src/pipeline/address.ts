import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The first value of a header. */
export const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const NO_QUERY = new URLSearchParams();

/** The query of a request target. Never throws, whatever the target looks like. */
export function queryOf(target: string): URLSearchParams {
  const at = target.indexOf('?');
  return at < 0 ? NO_QUERY : new URLSearchParams(target.slice(at + 1));
}

const HOST = /^[A-Za-z0-9._~:[\]-]+$/;

/** `http://host:port` as the client addressed us; what forwarded headers say counts only where they are trusted. */
export function baseUrlOf(headers: IncomingHttpHeaders, trustForwarded: boolean): string {
  const forwarded = (name: string): string | undefined =>
    trustForwarded ? one(headers[name])?.split(',')[0]?.trim() : undefined;
  const protocol = forwarded('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const host = forwarded('x-forwarded-host') ?? headers.host ?? '';
  return `${protocol}://${HOST.test(host) ? host : 'localhost'}`;
}

/** Who is at the other end. Of a forwarded chain only the last entry counts: it is the trusted proxy's own. */
export function clientAddressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustForwarded: boolean): string {
  const chain = trustForwarded ? [request.headers['x-forwarded-for']].flat().at(-1) : undefined;
  const last = chain?.split(',').at(-1)?.trim() ?? '';
  return isIP(last) === 0 ? (request.socket.remoteAddress ?? '') : last;
}

const REQUEST_ID = /^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The request id that a caller sent along, when it has the form of one; anything else is dropped, as it goes to logs and on to others. */
export function globalRequestId(headers: IncomingHttpHeaders): string | undefined {
  const given = one(headers['x-openstack-request-id']);
  return given !== undefined && REQUEST_ID.test(given) ? given : undefined;
}

/** A request target as it may be logged: values of parameters that can hold a token are covered. */
export const loggableTarget = (target: string): string =>
  target.replace(/([?&][^=&]*(?:token|password|secret)[^=&]*=)[^&]*/gi, '$1***');
