import { AppError, conflict, forbidden, invalid, notFound } from '@kilonova/util';

/** Nouns as they stand in messages. */
export type Noun =
  | 'domain'
  | 'project'
  | 'user'
  | 'role'
  | 'token'
  | 'service'
  | 'endpoint'
  | 'region'
  | 'group'
  | 'role assignment';

/** 404 with Keystone's wording. */
export const missing = (noun: Noun, id: string): AppError =>
  notFound(`identity.${noun.replace(' ', '_')}.not_found`, `Could not find ${noun}: ${id}.`);

/** 409 for a name that is taken. */
export const duplicate = (noun: Noun, name: string): AppError =>
  conflict(
    `identity.${noun}.duplicate`,
    `Conflict occurred attempting to store ${noun} - Duplicate entry found with name ${name}.`,
  );

/** 401; one message for every cause, so that nothing can be probed. */
export const unauthenticated = (): AppError =>
  new AppError({
    kind: 'unauthenticated',
    code: 'identity.token.unauthorized',
    message: 'The request you have made requires authentication.',
  });

/** 429 for logins that come too fast. @param laterMs when the next one may be tried */
export const tooMany = (laterMs: number): AppError =>
  new AppError({
    kind: 'quota',
    code: 'identity.login.too_many',
    message: 'Too many logins are being tried. Please wait before the next one.',
    details: { httpStatus: 429 },
    retry: { laterMs },
  });

/** 403 for an action that the caller's roles don't allow. */
export const notAllowed = (action: string): AppError =>
  forbidden('identity.policy.forbidden', `You are not authorized to perform the requested action: ${action}.`);

/** 403 for a domain that has to be disabled before it goes. */
export const domainEnabled = (): AppError =>
  forbidden('identity.domain.enabled', 'Cannot delete a domain that is enabled, please disable it first.');

/** 400 for a request that can't be understood. */
export const malformed = (message: string): AppError => invalid('identity.request.malformed', message);
