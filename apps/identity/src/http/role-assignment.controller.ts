import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { type AssignmentFilter, listAssignments } from '../model/assignment.js';
import type { Assignment, Directory, Target } from '../model/directory.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody, selfLink } from './list.js';

/** A flag counts when it is there and not `0` or `false`. */
const flag = (query: URLSearchParams, name: string): boolean => {
  const value = query.get(name);
  return value !== null && !['0', 'false', 'False'].includes(value);
};

function filterOf(query: URLSearchParams): AssignmentFilter {
  const project = query.get('scope.project.id');
  const domain = query.get('scope.domain.id');
  const target: Target | undefined =
    project !== null
      ? { kind: 'project', id: project }
      : domain !== null
        ? { kind: 'domain', id: domain }
        : query.has('scope.system')
          ? { kind: 'system' }
          : undefined;
  return {
    userId: query.get('user.id') ?? undefined,
    roleId: query.get('role.id') ?? undefined,
    target,
    effective: flag(query, 'effective'),
  };
}

const pathOf = ({ user_id, role_id, target }: Assignment): string => {
  const base = target.kind === 'system' ? 'system' : `${target.kind}s/${target.id}`;
  return `${base}/users/${user_id}/roles/${role_id}`;
};

/** Id alone, or with names as `include_names` asks. */
function reference(
  directory: Directory,
  row: { readonly id: string; readonly name: string; readonly domain_id?: string } | undefined,
  id: string,
  names: boolean,
): unknown {
  if (!names || row === undefined) return { id };
  const domain = row.domain_id === undefined ? undefined : directory.domains[row.domain_id];
  return { id, name: row.name, ...(domain === undefined ? {} : { domain: { id: domain.id, name: domain.name } }) };
}

function scopeView(directory: Directory, target: Target, names: boolean): unknown {
  if (target.kind === 'system') return { system: { all: true } };
  const row = target.kind === 'project' ? directory.projects[target.id] : directory.domains[target.id];
  return { [target.kind]: reference(directory, row, target.id, names) };
}

/** `GET /v3/role_assignments` */
@Injectable()
export class RoleAssignmentController {
  constructor(@Inject(DirectoryStore) private readonly store: DirectoryStore) {}

  list(request: ApiRequest): ApiReply {
    const directory = this.store.current;
    const names = flag(request.query, 'include_names');
    // Groups hold no roles here, so a question for a group's has no rows.
    const rows = request.query.has('group.id') ? [] : listAssignments(directory, filterOf(request.query));
    const views = rows.map((row) => ({
      role: reference(directory, directory.roles[row.role_id], row.role_id, names),
      user: reference(directory, directory.users[row.user_id], row.user_id, names),
      scope: scopeView(directory, row.target, names),
      links: { assignment: selfLink(request, pathOf(row)).self },
    }));
    return ok(listBody(request, 'role_assignments', views));
  }
}
