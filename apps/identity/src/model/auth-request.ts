import { type Directory, rowOf, type Target, type User } from './directory.js';
import { domainByName } from './domain.js';
import { malformed, unauthenticated } from './errors.js';
import { projectByName } from './project.js';
import type { Scope } from './token.js';
import { userByName } from './user.js';

/** A thing by id, or by name within a domain. */
export interface Reference {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: Reference;
}

/** The `auth` object of `POST /v3/auth/tokens`; its shape was checked before. */
export interface AuthRequest {
  readonly identity: {
    readonly methods: readonly string[];
    readonly password?: { readonly user: Reference & { readonly password: string } };
    readonly token?: { readonly id: string };
  };
  readonly scope?: 'unscoped' | ScopeRequest;
}

interface ScopeRequest {
  readonly project?: Reference;
  readonly domain?: Reference;
  readonly system?: { readonly all?: boolean };
  readonly unscoped?: unknown;
}

const domainId = (directory: Directory, domain: Reference | undefined): string | undefined =>
  domain?.id ?? (domain?.name === undefined ? undefined : domainByName(directory, domain.name)?.id);

/** The user that a login names; undefined when there is none. @throws AppError invalid-input without id, or name and domain */
export function findUser(directory: Directory, reference: Reference): User | undefined {
  if (reference.id !== undefined) return rowOf(directory.users, reference.id);
  if (reference.name === undefined || reference.domain === undefined) throw malformed('Expecting to find domain in user.');
  const domain = domainId(directory, reference.domain);
  return domain === undefined ? undefined : userByName(directory, reference.name, domain);
}

/**
 * The scope that is asked for. Left out, it is the user's default project, or none.
 * @throws AppError unauthenticated for a scope that does not exist: which ones do is not told
 */
export function findScope(directory: Directory, request: AuthRequest['scope'], user: User): Scope {
  if (request === undefined)
    return user.default_project_id === null ? { kind: 'unscoped' } : { kind: 'project', id: user.default_project_id };
  if (request === 'unscoped' || request.unscoped !== undefined) return { kind: 'unscoped' };
  const target = findTarget(directory, request);
  if (target === undefined) throw unauthenticated();
  return target;
}

function findTarget(directory: Directory, request: ScopeRequest): Target | undefined {
  if (request.system?.all === true) return { kind: 'system' };
  if (request.project !== undefined) {
    const id = projectId(directory, request.project);
    return id === undefined ? undefined : { kind: 'project', id };
  }
  const id = domainId(directory, request.domain);
  return id === undefined ? undefined : { kind: 'domain', id };
}

function projectId(directory: Directory, project: Reference): string | undefined {
  if (project.id !== undefined) return project.id;
  const domain = domainId(directory, project.domain);
  return domain === undefined || project.name === undefined ? undefined : projectByName(directory, project.name, domain)?.id;
}
