import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { projectsOf } from '../model/assignment.js';
import type { Service } from '../model/catalog.js';
import { unauthenticated } from '../model/errors.js';
import type { Token } from '../model/token.js';
import { Authenticate } from '../service/authenticate.service.js';
import { DirectoryStore } from '../store/directory.store.js';
import { domainView } from './domain.controller.js';
import { listBody } from './list.js';
import { headerOf } from './principal.js';
import { projectView } from './project.controller.js';
import { catalogView } from './token.view.js';
import { CATALOG } from './tokens.js';

/** What the caller's own token can be exchanged for: `/v3/auth/{catalog,projects,domains,system}`. */
@Injectable()
export class AuthController {
  constructor(
    @Inject(DirectoryStore) private readonly store: DirectoryStore,
    @Inject(Authenticate) private readonly authenticate: Authenticate,
    @Inject(CATALOG) private readonly catalog: readonly Service[],
  ) {}

  showCatalog(request: ApiRequest): ApiReply {
    return ok({ catalog: catalogView(this.catalog, this.#token(request)), links: { self: `${request.baseUrl}${request.url}` } });
  }

  listProjects(request: ApiRequest): ApiReply {
    const projects = projectsOf(this.store.current, request.principal.userId);
    return ok(
      listBody(
        request,
        'projects',
        projects.map((project) => projectView(request, project)),
      ),
    );
  }

  listDomains(request: ApiRequest): ApiReply {
    const { assignments, domains } = this.store.current;
    const ids = new Set(
      assignments.flatMap(({ user_id, target }) =>
        user_id === request.principal.userId && target.kind === 'domain' ? [target.id] : [],
      ),
    );
    const own = Object.values(domains).filter((domain) => domain.enabled && ids.has(domain.id));
    return ok(
      listBody(
        request,
        'domains',
        own.map((domain) => domainView(request, domain)),
      ),
    );
  }

  listSystem(request: ApiRequest): ApiReply {
    const held = this.store.current.assignments.some(
      ({ user_id, target }) => user_id === request.principal.userId && target.kind === 'system',
    );
    return ok(listBody(request, 'system', held ? [{ all: true }] : []));
  }

  #token(request: ApiRequest): Token {
    const token = this.authenticate.lookUp(headerOf(request.headers, 'x-auth-token'));
    if (token === undefined) throw unauthenticated();
    return token;
  }
}
