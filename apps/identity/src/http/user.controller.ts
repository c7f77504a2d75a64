import { type ApiReply, type ApiRequest, created, noContent, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { projectsOf } from '../model/assignment.js';
import type { User } from '../model/directory.js';
import { notAllowed } from '../model/errors.js';
import { deleteUser, userById } from '../model/user.js';
import { SaveUser, type UserFields } from '../service/save-user.service.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody, narrowed, selfLink } from './list.js';
import { projectView } from './project.controller.js';

interface UserBody {
  readonly user: UserFields;
}

interface PasswordBody {
  readonly user: { readonly original_password: string; readonly password: string };
}

const userView = (request: ApiRequest, user: User): Record<string, unknown> => ({
  ...user.extra,
  id: user.id,
  name: user.name,
  domain_id: user.domain_id,
  enabled: user.enabled,
  ...(user.default_project_id === null ? {} : { default_project_id: user.default_project_id }),
  password_expires_at: null,
  options: {},
  links: selfLink(request, `users/${user.id}`),
});

const idOf = (request: Pick<ApiRequest, 'params'>): string => request.params['id'] as string;

/** `/v3/users` */
@Injectable()
export class UserController {
  constructor(
    @Inject(DirectoryStore) private readonly store: DirectoryStore,
    @Inject(SaveUser) private readonly saveUser: SaveUser,
  ) {}

  list(request: ApiRequest): ApiReply {
    const users = narrowed(Object.values(this.store.current.users), request.query, ['name', 'domain_id', 'enabled']);
    return ok(
      listBody(
        request,
        'users',
        users.map((user) => userView(request, user)),
      ),
    );
  }

  show(request: ApiRequest): ApiReply {
    this.#own(request, 'get_user');
    return ok({ user: userView(request, userById(this.store.current, idOf(request))) });
  }

  async create(request: ApiRequest<UserBody>): Promise<ApiReply> {
    const user = await this.saveUser.create(request.body.user, request.principal.projectDomainId ?? 'default');
    return created({ user: userView(request, user) });
  }

  async update(request: ApiRequest<UserBody>): Promise<ApiReply> {
    return ok({ user: userView(request, await this.saveUser.update(idOf(request), request.body.user)) });
  }

  /** The user's own doing: proves itself with the old password, not with a token. */
  async changePassword(request: ApiRequest<PasswordBody>): Promise<ApiReply> {
    const { original_password, password } = request.body.user;
    await this.saveUser.changePassword(idOf(request), original_password, password, request.clientAddress);
    return noContent();
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => deleteUser(directory, idOf(request)));
    return noContent();
  }

  listProjects(request: ApiRequest): ApiReply {
    this.#own(request, 'list_user_projects');
    userById(this.store.current, idOf(request));
    const projects = projectsOf(this.store.current, idOf(request)).map((project) => projectView(request, project));
    return ok(listBody(request, 'projects', narrowed(projects, request.query, ['name', 'domain_id', 'enabled'])));
  }

  #own(request: ApiRequest, rule: string): void {
    if (!request.allows(`identity:${rule}`, { user_id: idOf(request) })) throw notAllowed(`identity:${rule}`);
  }
}
