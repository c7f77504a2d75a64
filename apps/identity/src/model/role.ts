import type { Changed, Directory, Role } from './directory.js';
import { rowOf, without } from './directory.js';
import { duplicate, missing } from './errors.js';

/** Each role brings the next: an admin is a manager is a member is a reader (Keystone's default implied roles). */
export const ROLE_LADDER = ['admin', 'manager', 'member', 'reader'] as const;

/** @throws AppError not-found */
export function roleById(directory: Directory, id: string): Role {
  const role = rowOf(directory.roles, id);
  if (role === undefined) throw missing('role', id);
  return role;
}

export const roleByName = (directory: Directory, name: string): Role | undefined =>
  Object.values(directory.roles).find((role) => role.name === name);

function put(directory: Directory, role: Role): Changed<Role> {
  const holder = roleByName(directory, role.name);
  if (holder !== undefined && holder.id !== role.id) throw duplicate('role', role.name);
  return { directory: { ...directory, roles: { ...directory.roles, [role.id]: role } }, result: role };
}

/** @throws AppError conflict when the name is taken */
export const createRole = put;

/** @throws AppError not-found, conflict */
export const updateRole = (directory: Directory, id: string, fields: Partial<Omit<Role, 'id'>>): Changed<Role> =>
  put(directory, { ...roleById(directory, id), ...fields });

/** Removes a role wherever it was given. */
export function deleteRole(directory: Directory, id: string): Changed<void> {
  roleById(directory, id);
  const assignments = directory.assignments.filter(({ role_id }) => role_id !== id);
  return { directory: { ...directory, roles: without(directory.roles, id), assignments }, result: undefined };
}

/** The given roles and those they imply, each once, in the ladder's order first. */
export function withImplied(directory: Directory, roles: readonly Role[]): readonly Role[] {
  const all = new Map(roles.map((role) => [role.id, role]));
  for (const role of roles) {
    const rung = ROLE_LADDER.indexOf(role.name as (typeof ROLE_LADDER)[number]);
    if (rung < 0) continue;
    for (const name of ROLE_LADDER.slice(rung + 1)) {
      const implied = roleByName(directory, name);
      if (implied !== undefined) all.set(implied.id, implied);
    }
  }
  return [...all.values()];
}
