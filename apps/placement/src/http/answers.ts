import type { ApiReply, ApiRequest } from '@kilonova/http';
import { Since } from './versions.js';

/** Anything that was negotiated. */
export type AnyRequest = ApiRequest<unknown>;

/** From 1.15 on an answer with a body says that it is not to be kept. */
export const unkept = (request: AnyRequest): Record<string, string> =>
  request.version < Since.cacheHeaders ? {} : { 'cache-control': 'no-cache' };

/** From 1.15 on an answer with a body says when that was last changed, and that it is not to be kept. */
export function freshness(request: AnyRequest, modified?: Date): Record<string, string> {
  if (request.version < Since.cacheHeaders) return {};
  return { 'last-modified': (modified ?? new Date()).toUTCString(), ...unkept(request) };
}

/** 200 with a body and, from 1.15, its freshness; without a date it is as of now. */
export const answer = (request: AnyRequest, body: unknown, modified?: Date): ApiReply => ({
  status: 200,
  body,
  headers: freshness(request, modified),
});

/** 200 with a body that is JSON already, as of now. As bytes: a socket encodes a long string several times slower. */
export const jsonAnswer = (request: AnyRequest, body: Buffer): ApiReply => ({
  status: 200,
  body,
  headers: { 'content-type': 'application/json', ...freshness(request) },
});

export const noContent = (headers: Record<string, string> = {}): ApiReply => ({ status: 204, headers });

/** The absolute address of something that was made. */
export const location = (request: AnyRequest, path: string): Record<string, string> => ({
  location: `${request.baseUrl}${path}`,
});

/** The value of a path parameter that the route is sure to have. */
export const param = (request: AnyRequest, name: string): string => request.params[name] ?? '';
