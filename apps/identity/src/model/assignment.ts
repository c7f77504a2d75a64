import type { Assignment, Changed, Directory, Project, Role, Target } from './directory.js';
import { domainById } from './domain.js';
import { missing } from './errors.js';
import { projectById } from './project.js';
import { roleById, withImplied } from './role.js';
import { userById } from './user.js';

const targetKey = (target: Target): string => (target.kind === 'system' ? 'system' : `${target.kind}:${target.id}`);

const same = (a: Assignment, b: Assignment): boolean =>
  a.user_id === b.user_id && a.role_id === b.role_id && targetKey(a.target) === targetKey(b.target);

/** @throws AppError not-found when user, role or target don't exist */
function check(directory: Directory, { user_id, role_id, target }: Assignment): void {
  userById(directory, user_id);
  roleById(directory, role_id);
  if (target.kind === 'project') projectById(directory, target.id);
  if (target.kind === 'domain') domainById(directory, target.id);
}

/** Gives a role; giving it twice is fine. */
export function grant(directory: Directory, assignment: Assignment): Changed<void> {
  check(directory, assignment);
  if (directory.assignments.some((known) => same(known, assignment))) return { directory, result: undefined };
  return { directory: { ...directory, assignments: [...directory.assignments, assignment] }, result: undefined };
}

/** Takes a role away. @throws AppError not-found when it was not given */
export function revoke(directory: Directory, assignment: Assignment): Changed<void> {
  assertGranted(directory, assignment);
  return {
    directory: { ...directory, assignments: directory.assignments.filter((known) => !same(known, assignment)) },
    result: undefined,
  };
}

/** @throws AppError not-found when the role was not given directly */
export function assertGranted(directory: Directory, assignment: Assignment): void {
  check(directory, assignment);
  if (!directory.assignments.some((known) => same(known, assignment))) throw missing('role assignment', assignment.role_id);
}

/** Roles given to the user on the very target, without the implied ones. */
export const directRoles = (directory: Directory, userId: string, target: Target): readonly Role[] =>
  directory.assignments
    .filter((known) => known.user_id === userId && targetKey(known.target) === targetKey(target))
    .map((known) => directory.roles[known.role_id])
    .filter((role) => role !== undefined);

/** What a token with that scope carries: given roles and implied ones. */
export const effectiveRoles = (directory: Directory, userId: string, target: Target): readonly Role[] =>
  withImplied(directory, directRoles(directory, userId, target));

/** Enabled projects where the user has any role. */
export const projectsOf = (directory: Directory, userId: string): readonly Project[] => {
  const ids = new Set(
    directory.assignments.flatMap(({ user_id, target }) => (user_id === userId && target.kind === 'project' ? [target.id] : [])),
  );
  return [...ids].map((id) => directory.projects[id]).filter((project) => project?.enabled === true) as Project[];
};

export interface AssignmentFilter {
  readonly userId?: string;
  readonly roleId?: string;
  readonly target?: Target;
  /** Also one entry for each implied role. */
  readonly effective?: boolean;
}

/** Assignments that match every given part of the filter. */
export function listAssignments(directory: Directory, filter: AssignmentFilter): readonly Assignment[] {
  const rows = directory.assignments.filter(
    ({ user_id, target }) =>
      (filter.userId === undefined || filter.userId === user_id) &&
      (filter.target === undefined || targetKey(filter.target) === targetKey(target)),
  );
  const expanded = filter.effective === true ? rows.flatMap((row) => impliedRows(directory, row)) : rows;
  const unique = new Map(expanded.map((row) => [`${row.user_id} ${row.role_id} ${targetKey(row.target)}`, row]));
  return [...unique.values()].filter((row) => filter.roleId === undefined || filter.roleId === row.role_id);
}

const impliedRows = (directory: Directory, row: Assignment): readonly Assignment[] => {
  const role = directory.roles[row.role_id];
  return role === undefined ? [] : withImplied(directory, [role]).map(({ id }) => ({ ...row, role_id: id }));
};
