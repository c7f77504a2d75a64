import type { ApiRequest } from '@kilonova/http';

export interface Link {
  readonly rel: 'self' | 'bookmark';
  readonly href: string;
}

/** Where a resource stands: below the version that was asked, and without a version. @param path `flavors/1` */
export const linksOf = (request: ApiRequest, path: string): readonly Link[] => [
  { rel: 'self', href: `${request.baseUrl}${request.prefix ?? ''}/${path}` },
  { rel: 'bookmark', href: `${request.baseUrl}/${path}` },
];

/** Whether the request's microversion is `2.<minor>` or newer. */
export const since = (request: ApiRequest, minor: number): boolean => request.version >= 2000 + minor;
