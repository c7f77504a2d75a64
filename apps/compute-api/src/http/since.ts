import type { ApiRequest } from '@kilonova/http';

/** Whether the request's microversion is `2.<minor>` or newer. */
export const since = (request: ApiRequest, minor: number): boolean => request.version >= 2000 + minor;
