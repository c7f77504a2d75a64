import { randomUUID } from 'node:crypto';
import { type ApiReply, type ApiRequest, created, noContent, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import type { Role } from '../model/directory.js';
import { createRole, deleteRole, roleById, updateRole } from '../model/role.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody, narrowed, selfLink } from './list.js';

interface RoleBody {
  readonly role: { readonly name?: string; readonly description?: string | null };
}

export const roleView = (request: ApiRequest, role: Role): Record<string, unknown> => ({
  ...role,
  domain_id: null,
  options: {},
  links: selfLink(request, `roles/${role.id}`),
});

const fieldsOf = ({ role }: RoleBody): Partial<Omit<Role, 'id'>> => ({
  ...(role.name === undefined ? {} : { name: role.name }),
  ...(role.description === undefined ? {} : { description: role.description ?? '' }),
});

/** `/v3/roles` */
@Injectable()
export class RoleController {
  constructor(@Inject(DirectoryStore) private readonly store: DirectoryStore) {}

  list(request: ApiRequest): ApiReply {
    const roles = narrowed(Object.values(this.store.current.roles), request.query, ['name']);
    return ok(
      listBody(
        request,
        'roles',
        roles.map((role) => roleView(request, role)),
      ),
    );
  }

  show(request: ApiRequest): ApiReply {
    return ok({ role: roleView(request, roleById(this.store.current, request.params['id'] as string)) });
  }

  async create(request: ApiRequest<RoleBody>): Promise<ApiReply> {
    const role = { id: randomUUID().replaceAll('-', ''), description: '', ...fieldsOf(request.body) } as Role;
    return created({ role: roleView(request, await this.store.change((directory) => createRole(directory, role))) });
  }

  async update(request: ApiRequest<RoleBody>): Promise<ApiReply> {
    const role = await this.store.change((directory) =>
      updateRole(directory, request.params['id'] as string, fieldsOf(request.body)),
    );
    return ok({ role: roleView(request, role) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => deleteRole(directory, request.params['id'] as string));
    return noContent();
  }
}
