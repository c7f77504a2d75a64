import type { ApiRequest } from '@kilonova/http';

/** Of the server that a request is about. */
export const serverId = (request: Pick<ApiRequest<unknown>, 'params'>): string => request.params['id'] as string;
