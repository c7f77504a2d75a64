import type { ApiRequest } from '@kilonova/http';
import type { Requester } from '@kilonova/volume-client';

/** The caller, as another service is asked in their name. */
export const requesterOf = ({ token, principal }: Pick<ApiRequest<unknown>, 'token' | 'principal'>): Requester => ({
  token,
  projectId: principal.projectId ?? '',
  isAdmin: principal.isAdmin,
});
