import type { Changed, Directory, Project } from './directory.js';
import { rowOf, without } from './directory.js';
import { domainById } from './domain.js';
import { duplicate, missing } from './errors.js';

/** @throws AppError not-found */
export function projectById(directory: Directory, id: string): Project {
  const project = rowOf(directory.projects, id);
  if (project === undefined) throw missing('project', id);
  return project;
}

export const projectByName = (directory: Directory, name: string, domainId: string): Project | undefined =>
  Object.values(directory.projects).find((project) => project.name === name && project.domain_id === domainId);

function put(directory: Directory, project: Project): Changed<Project> {
  domainById(directory, project.domain_id);
  const holder = projectByName(directory, project.name, project.domain_id);
  if (holder !== undefined && holder.id !== project.id) throw duplicate('project', project.name);
  return { directory: { ...directory, projects: { ...directory.projects, [project.id]: project } }, result: project };
}

/** @throws AppError not-found for an unknown domain, conflict when the name is taken there */
export const createProject = put;

/** @throws AppError not-found, conflict */
export const updateProject = (
  directory: Directory,
  id: string,
  fields: Partial<Omit<Project, 'id' | 'domain_id'>>,
): Changed<Project> => put(directory, { ...projectById(directory, id), ...fields });

/** Removes a project, the roles on it, and what pointed at it as a default. */
export function deleteProject(directory: Directory, id: string): Changed<void> {
  projectById(directory, id);
  const assignments = directory.assignments.filter(({ target }) => target.kind !== 'project' || target.id !== id);
  const users = Object.fromEntries(
    Object.entries(directory.users).map(([key, user]) => [
      key,
      user.default_project_id === id ? { ...user, default_project_id: null } : user,
    ]),
  );
  return { directory: { ...directory, projects: without(directory.projects, id), users, assignments }, result: undefined };
}
