import type { ApiRequest } from '@kilonova/http';
import { ProjectDirectory } from '@kilonova/identity-client';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

/** Keeps what is set for projects from being set for none. */
@Injectable()
export class ProjectVerifier {
  constructor(private readonly projects: ProjectDirectory) {}

  /** The caller's own project needs no question: the token names it. @throws AppError 400 for an id that no project has */
  async verify({ ctx, token, principal }: Pick<ApiRequest, 'ctx' | 'token' | 'principal'>, projectId: string): Promise<void> {
    if (projectId === principal.projectId || (await this.projects.mayExist(ctx, token, projectId))) return;
    throw invalid('compute.project.unknown', `Project ID ${projectId} is not a valid project.`);
  }
}
