import { grant } from './assignment.js';
import type { ServiceSeed } from './catalog.js';
import type { Directory, Target } from './directory.js';
import { createDomain, domainByName } from './domain.js';
import { createProject, projectByName } from './project.js';
import { createRole, ROLE_LADDER, roleByName } from './role.js';
import { createUser, deleteUser, userByName } from './user.js';

export interface RoleSeed {
  readonly role: string;
  /** The project's name; or a domain's; or the whole system. */
  readonly project?: string;
  readonly domain?: string;
  readonly system?: boolean;
}

export interface UserSeed {
  readonly name: string;
  readonly password: string;
  readonly id?: string;
  readonly domain?: string;
  readonly default_project?: string;
  readonly roles?: readonly RoleSeed[];
}

export interface ProjectSeed {
  readonly name: string;
  readonly id?: string;
  readonly domain?: string;
  readonly description?: string;
}

/** What must exist when the service starts, or must not. What exists already is left as it is, but for missing roles of users. */
export interface IdentitySeed {
  readonly domains?: ReadonlyArray<{ readonly id?: string; readonly name: string }>;
  readonly roles?: readonly string[];
  readonly projects?: readonly ProjectSeed[];
  readonly users?: readonly UserSeed[];
  /** Names in the default domain that nobody may have any more: users of earlier releases. */
  readonly absent_users?: readonly string[];
  readonly services?: readonly ServiceSeed[];
}

const DEFAULT_DOMAIN = { id: 'default', name: 'Default' };
const DEFAULT_ROLES = [...ROLE_LADDER, 'service'];

/** What a seed needs from outside to stay a pure function. */
export interface SeedSources {
  readonly newId: () => string;
  /** Hashes by user name, for the users that are new. */
  readonly passwordHashes: ReadonlyMap<UserSeed, string>;
}

const domainOf = (directory: Directory, name: string | undefined): string => {
  const domain = domainByName(directory, name ?? DEFAULT_DOMAIN.name);
  if (domain === undefined) throw new Error(`seed: there is no domain ${name}`);
  return domain.id;
};

const projectOf = (directory: Directory, name: string, domain: string | undefined): string => {
  const project = projectByName(directory, name, domainOf(directory, domain));
  if (project === undefined) throw new Error(`seed: there is no project ${name}`);
  return project.id;
};

/** True for a user that the directory has under that name. */
export const userExists = (directory: Directory, seed: UserSeed): boolean => {
  const domain = domainByName(directory, seed.domain ?? DEFAULT_DOMAIN.name);
  return domain !== undefined && userByName(directory, seed.name, domain.id) !== undefined;
};

/** Adds what the seed names and the directory lacks, and takes away what must not be. Returns the same directory when nothing changes. */
export function plantSeed(directory: Directory, seed: IdentitySeed, sources: SeedSources): Directory {
  const steps = [plantDomains, plantRoles, plantProjects, plantUsers, removeUsers];
  return steps.reduce((current, step) => step(current, seed, sources), directory);
}

function plantDomains(directory: Directory, seed: IdentitySeed, { newId }: SeedSources): Directory {
  const wanted = [DEFAULT_DOMAIN, ...(seed.domains ?? []).filter(({ name }) => name !== DEFAULT_DOMAIN.name)];
  return wanted
    .filter(({ name }) => domainByName(directory, name) === undefined)
    .reduce(
      (current, { id, name }) => createDomain(current, { id: id ?? newId(), name, description: '', enabled: true }).directory,
      directory,
    );
}

function plantRoles(directory: Directory, seed: IdentitySeed, { newId }: SeedSources): Directory {
  return [...new Set([...DEFAULT_ROLES, ...(seed.roles ?? [])])]
    .filter((name) => roleByName(directory, name) === undefined)
    .reduce((current, name) => createRole(current, { id: newId(), name, description: '' }).directory, directory);
}

function plantProjects(directory: Directory, seed: IdentitySeed, { newId }: SeedSources): Directory {
  return (seed.projects ?? []).reduce((current, { id, name, domain, description }) => {
    const domain_id = domainOf(current, domain);
    if (projectByName(current, name, domain_id) !== undefined) return current;
    return createProject(current, { id: id ?? newId(), name, domain_id, description: description ?? '', enabled: true, tags: [] })
      .directory;
  }, directory);
}

function plantUsers(directory: Directory, seed: IdentitySeed, sources: SeedSources): Directory {
  return (seed.users ?? []).reduce((current, user) => plantGrants(plantUser(current, user, sources), user), directory);
}

function removeUsers(directory: Directory, seed: IdentitySeed): Directory {
  return (seed.absent_users ?? []).reduce((current, name) => {
    const user = userByName(current, name, DEFAULT_DOMAIN.id);
    return user === undefined ? current : deleteUser(current, user.id).directory;
  }, directory);
}

function plantUser(directory: Directory, seed: UserSeed, { newId, passwordHashes }: SeedSources): Directory {
  if (userExists(directory, seed)) return directory;
  return createUser(directory, {
    id: seed.id ?? newId(),
    name: seed.name,
    domain_id: domainOf(directory, seed.domain),
    enabled: true,
    password_hash: passwordHashes.get(seed) ?? null,
    default_project_id: seed.default_project === undefined ? null : projectOf(directory, seed.default_project, seed.domain),
    tokens_valid_after: 0,
    extra: {},
  }).directory;
}

function plantGrants(directory: Directory, seed: UserSeed): Directory {
  const user = userByName(directory, seed.name, domainOf(directory, seed.domain));
  return (seed.roles ?? []).reduce((current, entry) => {
    const role = roleByName(current, entry.role);
    if (role === undefined || user === undefined) throw new Error(`seed: there is no role ${entry.role}`);
    return grant(current, { user_id: user.id, role_id: role.id, target: targetOf(current, entry, seed.domain) }).directory;
  }, directory);
}

function targetOf(directory: Directory, entry: RoleSeed, domain: string | undefined): Target {
  if (entry.system === true) return { kind: 'system' };
  if (entry.domain !== undefined) return { kind: 'domain', id: domainOf(directory, entry.domain) };
  if (entry.project === undefined) throw new Error(`seed: role ${entry.role} needs a project, a domain or system`);
  return { kind: 'project', id: projectOf(directory, entry.project, domain) };
}
