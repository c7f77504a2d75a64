import type { Changed, Directory, Domain } from './directory.js';
import { rowOf, without } from './directory.js';
import { domainEnabled, duplicate, missing } from './errors.js';

/** @throws AppError not-found */
export function domainById(directory: Directory, id: string): Domain {
  const domain = rowOf(directory.domains, id);
  if (domain === undefined) throw missing('domain', id);
  return domain;
}

export const domainByName = (directory: Directory, name: string): Domain | undefined =>
  Object.values(directory.domains).find((domain) => domain.name === name);

function put(directory: Directory, domain: Domain): Changed<Domain> {
  const holder = domainByName(directory, domain.name);
  if (holder !== undefined && holder.id !== domain.id) throw duplicate('domain', domain.name);
  return { directory: { ...directory, domains: { ...directory.domains, [domain.id]: domain } }, result: domain };
}

/** @throws AppError conflict when the name is taken */
export const createDomain = put;

/** @throws AppError not-found, conflict */
export const updateDomain = (directory: Directory, id: string, fields: Partial<Omit<Domain, 'id'>>): Changed<Domain> =>
  put(directory, { ...domainById(directory, id), ...fields });

/**
 * Removes a disabled domain with its users, projects and their roles.
 * @throws AppError not-found; forbidden while it is enabled
 */
export function deleteDomain(directory: Directory, id: string): Changed<void> {
  if (domainById(directory, id).enabled) throw domainEnabled();
  const keep = <T extends { domain_id: string }>(table: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(table).filter(([, row]) => row.domain_id !== id));
  const users = keep(directory.users);
  const projects = keep(directory.projects);
  const assignments = directory.assignments.filter(
    ({ user_id, target }) =>
      user_id in users && (target.kind === 'system' || (target.kind === 'domain' ? target.id !== id : target.id in projects)),
  );
  return {
    directory: { ...directory, domains: without(directory.domains, id), users, projects, assignments },
    result: undefined,
  };
}
