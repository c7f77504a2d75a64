import { randomUUID } from 'node:crypto';
import { type ApiReply, type ApiRequest, created, noContent, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import type { Domain } from '../model/directory.js';
import { createDomain, deleteDomain, domainById, updateDomain } from '../model/domain.js';
import { notAllowed } from '../model/errors.js';
import { DirectoryStore } from '../store/directory.store.js';
import { listBody, narrowed, selfLink } from './list.js';

interface DomainBody {
  readonly domain: { readonly name?: string; readonly description?: string | null; readonly enabled?: boolean };
}

export const domainView = (request: ApiRequest, domain: Domain): Record<string, unknown> => ({
  ...domain,
  tags: [],
  options: {},
  links: selfLink(request, `domains/${domain.id}`),
});

const fieldsOf = ({ domain }: DomainBody): Partial<Omit<Domain, 'id'>> => ({
  ...(domain.name === undefined ? {} : { name: domain.name }),
  ...(domain.description === undefined ? {} : { description: domain.description ?? '' }),
  ...(domain.enabled === undefined ? {} : { enabled: domain.enabled }),
});

/** `/v3/domains` */
@Injectable()
export class DomainController {
  constructor(@Inject(DirectoryStore) private readonly store: DirectoryStore) {}

  list(request: ApiRequest): ApiReply {
    const domains = narrowed(Object.values(this.store.current.domains), request.query, ['name', 'enabled']);
    return ok(
      listBody(
        request,
        'domains',
        domains.map((domain) => domainView(request, domain)),
      ),
    );
  }

  show(request: ApiRequest): ApiReply {
    const id = request.params['id'] as string;
    if (!request.allows('identity:get_domain', { domain_id: id })) throw notAllowed('identity:get_domain');
    return ok({ domain: domainView(request, domainById(this.store.current, id)) });
  }

  async create(request: ApiRequest<DomainBody>): Promise<ApiReply> {
    const defaults = { id: randomUUID().replaceAll('-', ''), description: '', enabled: true };
    const domain = { ...defaults, ...fieldsOf(request.body) } as Domain;
    return created({ domain: domainView(request, await this.store.change((directory) => createDomain(directory, domain))) });
  }

  async update(request: ApiRequest<DomainBody>): Promise<ApiReply> {
    const id = request.params['id'] as string;
    const domain = await this.store.change((directory) => updateDomain(directory, id, fieldsOf(request.body)));
    return ok({ domain: domainView(request, domain) });
  }

  async remove(request: ApiRequest): Promise<ApiReply> {
    await this.store.change((directory) => deleteDomain(directory, request.params['id'] as string));
    return noContent();
  }
}
