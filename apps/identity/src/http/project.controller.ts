import { randomUUID } from 'node:crypto';
import { type ApiReply, type ApiRequest, created, noContent, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import type { Project } from '../model/directory.js';
import { malformed, notAllowed } from '../model/errors.js';
import { createProject, deleteProject, projectById, updateProject } from '../model/project.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody, narrowed, selfLink } from './list.js';

interface ProjectBody {
  readonly project: {
    readonly name?: string;
    readonly description?: string | null;
    readonly enabled?: boolean;
    readonly tags?: readonly string[];
    readonly domain_id?: string | null;
    readonly parent_id?: string | null;
    readonly is_domain?: boolean;
  };
}

export const projectView = (request: ApiRequest, project: Project): Record<string, unknown> => ({
  ...project,
  parent_id: project.domain_id,
  is_domain: false,
  options: {},
  links: selfLink(request, `projects/${project.id}`),
});

const fieldsOf = ({ project }: ProjectBody): Partial<Omit<Project, 'id' | 'domain_id'>> => ({
  ...(project.name === undefined ? {} : { name: project.name }),
  ...(project.description === undefined ? {} : { description: project.description ?? '' }),
  ...(project.enabled === undefined ? {} : { enabled: project.enabled }),
  ...(project.tags === undefined ? {} : { tags: project.tags }),
});

/** Projects stand in their domain, none within another, and none is a domain. @throws AppError invalid-input for one that should be */
function assertFlat({ parent_id, is_domain }: ProjectBody['project'], domainId: string): void {
  if (is_domain === true) throw malformed('Projects that act as domains are not offered; create a domain.');
  if (parent_id !== undefined && parent_id !== null && parent_id !== domainId)
    throw malformed('Projects within projects are not offered.');
}

/** `/v3/projects` */
@Injectable()
export class ProjectController {
  constructor(@Inject(DirectoryStore) private readonly store: DirectoryStore) {}

  list(request: ApiRequest): ApiReply {
    const views = Object.values(this.store.current.projects).map((project) => projectView(request, project));
    return ok(
      listBody(request, 'projects', narrowed(views, request.query, ['name', 'domain_id', 'enabled', 'parent_id', 'is_domain'])),
    );
  }

  show(request: ApiRequest): ApiReply {
    const id = request.params['id'] as string;
    if (!request.allows('identity:get_project', { project_id: id })) throw notAllowed('identity:get_project');
    return ok({ project: projectView(request, projectById(this.store.current, id)) });
  }

  async create(request: ApiRequest<ProjectBody>): Promise<ApiReply> {
    const domain_id = request.body.project.domain_id ?? request.principal.projectDomainId ?? 'default';
    assertFlat(request.body.project, domain_id);
    const defaults = { id: randomUUID().replaceAll('-', ''), domain_id, description: '', enabled: true, tags: [] };
    const project = { ...defaults, ...fieldsOf(request.body) } as Project;
    return created({ project: projectView(request, await this.store.change((directory) => createProject(directory, project))) });
  }

  async update(request: ApiRequest<ProjectBody>): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const project = await this.store.change((directory) => updateProject(directory, id, fieldsOf(request.body)));
    return ok({ project: projectView(request, project) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => deleteProject(directory, request.params['id'] as string));
    return noContent();
  }
}
