import type { Changed, Directory, User } from './directory.js';
import { rowOf, without } from './directory.js';
import { domainById } from './domain.js';
import { duplicate, missing } from './errors.js';

/** @throws AppError not-found */
export function userById(directory: Directory, id: string): User {
  const user = rowOf(directory.users, id);
  if (user === undefined) throw missing('user', id);
  return user;
}

export const userByName = (directory: Directory, name: string, domainId: string): User | undefined =>
  Object.values(directory.users).find((user) => user.name === name && user.domain_id === domainId);

function put(directory: Directory, user: User): Changed<User> {
  domainById(directory, user.domain_id);
  const holder = userByName(directory, user.name, user.domain_id);
  if (holder !== undefined && holder.id !== user.id) throw duplicate('user', user.name);
  return { directory: { ...directory, users: { ...directory.users, [user.id]: user } }, result: user };
}

/** @throws AppError not-found for an unknown domain, conflict when the name is taken there */
export const createUser = put;

/**
 * Changes a user. A new password, or being disabled, voids every token issued before `now` (epoch milliseconds).
 * @throws AppError not-found, conflict
 */
export function updateUser(
  directory: Directory,
  id: string,
  fields: Partial<Omit<User, 'id' | 'domain_id'>>,
  now: number,
): Changed<User> {
  const before = userById(directory, id);
  const voids = fields.password_hash !== undefined || fields.enabled === false;
  return put(directory, {
    ...before,
    ...fields,
    extra: { ...before.extra, ...fields.extra },
    ...(voids ? { tokens_valid_after: now } : {}),
  });
}

/** Removes a user and every role it had. */
export function deleteUser(directory: Directory, id: string): Changed<void> {
  userById(directory, id);
  const assignments = directory.assignments.filter(({ user_id }) => user_id !== id);
  return { directory: { ...directory, users: without(directory.users, id), assignments }, result: undefined };
}
