import { AppError, invalid } from '@kilonova/util';
import type { ApiRequest } from './request.js';

export interface Page {
  readonly limit: number;
  readonly marker: string | undefined;
}

/**
 * `limit` and `marker` of a list. A limit over the maximum is cut to it.
 * @throws AppError 400 for a limit that is no whole number from 0 on.
 */
export function pageLimits(query: URLSearchParams, maxLimit: number): Page {
  const raw = query.get('limit');
  const marker = query.get('marker') ?? undefined;
  if (raw === null) return { limit: maxLimit, marker };
  if (!/^\d+$/.test(raw)) throw invalid('request.limit.malformed', `limit param must be an integer`);
  return { limit: Math.min(Number(raw), maxLimit), marker };
}

/** The link to the page after one that was full: the same URL with the last item as marker. */
export function nextLink(request: ApiRequest, lastId: string): { readonly rel: 'next'; readonly href: string } {
  const url = new URL(request.url, request.baseUrl);
  url.searchParams.set('marker', lastId);
  return { rel: 'next', href: url.href };
}

const TRUE = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

/** A truth value in any of the words that OpenStack services accept; undefined for others. */
export function boolFromString(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

/** The error of a server that is asked for what it no longer offers. */
export const gone = (message = 'This resource is no longer available. No forwarding address is given.'): AppError =>
  new AppError({ kind: 'not-found', code: 'request.url.gone', message, details: { httpStatus: 410 } });

/** `2026-01-31T10:11:12Z`; null stays null. */
export const isoTime = (time: string | Date | null): string | null =>
  time === null ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
