import { type ApiReply, type ApiRequest, noContent, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { assertGranted, directRoles, grant, revoke } from '../model/assignment.js';
import type { Assignment, Target } from '../model/directory.js';
import { userById } from '../model/user.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody } from './list.js';
import { roleView } from './role.controller.js';

/** The target that the URL names: `/projects/:project_id`, `/domains/:domain_id`, or the system. */
function targetOf({ params }: ApiRequest): Target {
  if (params['project_id'] !== undefined) return { kind: 'project', id: params['project_id'] };
  return params['domain_id'] === undefined ? { kind: 'system' } : { kind: 'domain', id: params['domain_id'] };
}

const assignmentOf = (request: ApiRequest): Assignment => ({
  user_id: request.params['user_id'] as string,
  role_id: request.params['role_id'] as string,
  target: targetOf(request),
});

/** Roles of a user on a project, a domain or the system: `…/users/{user}/roles/{role}`. */
@Injectable()
export class GrantController {
  constructor(@Inject(DirectoryStore) private readonly store: DirectoryStore) {}

  list(request: ApiRequest): ApiReply {
    const user = userById(this.store.current, request.params['user_id'] as string);
    const roles = directRoles(this.store.current, user.id, targetOf(request));
    return ok(
      listBody(
        request,
        'roles',
        roles.map((role) => roleView(request, role)),
      ),
    );
  }

  check(request: ApiRequest): ApiReply {
    assertGranted(this.store.current, assignmentOf(request));
    return noContent();
  }

  async create(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => grant(directory, assignmentOf(request)));
    return noContent();
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => revoke(directory, assignmentOf(request)));
    return noContent();
  }
}
