import type { ApiReply, ApiRequest } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { badRequest, missing, refused } from '../errors.js';
import { isCustomName } from '../model/names.js';
import { ResourceClassRepository } from '../store/resource-class.repository.js';
import { type AnyRequest, answer, location, noContent, param } from './answers.js';
import { requireValid } from './late-validation.js';
import { resourceClassName } from './schemas/resource-class.js';

interface NameBody {
  readonly name: string;
}

/** The resource classes that exist, standard and custom. */
@Injectable()
export class ResourceClassController {
  constructor(@Inject(ResourceClassRepository) private readonly classes: ResourceClassRepository) {}

  async list(request: AnyRequest): Promise<ApiReply> {
    const found = await this.classes.list();
    const newest = found.reduce((at, { modified }) => Math.max(at, modified.getTime()), 0);
    return answer(
      request,
      { resource_classes: found.map(({ name }) => body(name)) },
      newest === 0 ? undefined : new Date(newest),
    );
  }

  async show(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    const found = await this.classes.find(name);
    if (found === undefined) throw noSuchClass(name);
    return answer(request, body(name), found.modified);
  }

  async create(request: ApiRequest<NameBody>): Promise<ApiReply> {
    const { name } = request.body;
    if (!(await this.classes.create(name))) throw refused(`Conflicting resource class already exists: ${name}`);
    return { status: 201, headers: location(request, path(name)) };
  }

  /** Below 1.7. */
  async rename(request: ApiRequest<NameBody>): Promise<ApiReply> {
    const name = param(request, 'name');
    const to = request.body.name;
    await this.requireCustom(name, 'update');
    switch (await this.classes.rename(name, to)) {
      case 'renamed':
        return answer(request, body(to));
      case 'not-found':
        throw noSuchClass(name);
      case 'duplicate':
        throw refused(`Resource class already exists: ${to}`);
    }
  }

  /** From 1.7: makes the class or sees that it is there. */
  async ensure(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    requireValid(resourceClassName, request.version, name);
    const created = await this.classes.create(name);
    return { status: created ? 201 : 204, headers: location(request, path(name)) };
  }

  async remove(request: AnyRequest): Promise<ApiReply> {
    const name = param(request, 'name');
    await this.requireCustom(name, 'delete');
    switch (await this.classes.remove(name)) {
      case 'deleted':
        return noContent();
      case 'not-found':
        throw noSuchClass(name);
      case 'in-use':
        throw refused(`Error in delete resource class: Cannot delete resource class ${name}. Class is in use in inventory.`);
    }
  }

  private async requireCustom(name: string, doing: 'update' | 'delete'): Promise<void> {
    if (isCustomName(name) || (await this.classes.find(name)) === undefined) return;
    throw badRequest(`Error in ${doing} resource class: Cannot ${doing} standard resource class ${name}.`);
  }
}

const path = (name: string): string => `/resource_classes/${name}`;
const body = (name: string): Record<string, unknown> => ({ name, links: [{ rel: 'self', href: path(name) }] });
const noSuchClass = (name: string): Error => missing(`No such resource class ${name}.`);
