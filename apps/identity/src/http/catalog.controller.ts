import { type ApiReply, type ApiRequest, ok } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { type Endpoint, regionsOf, type Service } from '../model/catalog.js';
import { missing, type Noun } from '../model/errors.js';
import { listBody, narrowed, selfLink } from './list.js';
import { CATALOG } from './tokens.js';

type View = Readonly<Record<string, unknown>>;

const serviceView = (request: ApiRequest, { id, type, name }: Service): View => ({
  id,
  type,
  name,
  description: '',
  enabled: true,
  links: selfLink(request, `services/${id}`),
});

const endpointView = (request: ApiRequest, endpoint: Endpoint): View => ({
  id: endpoint.id,
  interface: endpoint.interface,
  region: endpoint.region,
  region_id: endpoint.region,
  service_id: endpoint.serviceId,
  url: endpoint.url,
  enabled: true,
  links: selfLink(request, `endpoints/${endpoint.id}`),
});

const regionView = (request: ApiRequest, id: string): View => ({
  id,
  description: '',
  parent_region_id: null,
  links: selfLink(request, `regions/${id}`),
});

/** `/v3/services`, `/v3/endpoints`, `/v3/regions`: what is configured, to be read. */
@Injectable()
export class CatalogController {
  constructor(@Inject(CATALOG) private readonly catalog: readonly Service[]) {}

  listServices(request: ApiRequest): ApiReply {
    return ok(listBody(request, 'services', narrowed(this.#services(request), request.query, ['name', 'type'])));
  }

  showService(request: ApiRequest): ApiReply {
    return ok({ service: found('service', this.#services(request), request) });
  }

  listEndpoints(request: ApiRequest): ApiReply {
    return ok(
      listBody(
        request,
        'endpoints',
        narrowed(this.#endpoints(request), request.query, ['interface', 'service_id', 'region_id', 'region']),
      ),
    );
  }

  showEndpoint(request: ApiRequest): ApiReply {
    return ok({ endpoint: found('endpoint', this.#endpoints(request), request) });
  }

  listRegions(request: ApiRequest): ApiReply {
    return ok(listBody(request, 'regions', this.#regions(request)));
  }

  showRegion(request: ApiRequest): ApiReply {
    return ok({ region: found('region', this.#regions(request), request) });
  }

  #services(request: ApiRequest): readonly View[] {
    return this.catalog.map((service) => serviceView(request, service));
  }

  #endpoints(request: ApiRequest): readonly View[] {
    return this.catalog.flatMap((service) => service.endpoints.map((endpoint) => endpointView(request, endpoint)));
  }

  #regions(request: ApiRequest): readonly View[] {
    return regionsOf(this.catalog).map((id) => regionView(request, id));
  }
}

function found(noun: Noun, views: readonly View[], request: ApiRequest): View {
  const id = request.params['id'] as string;
  const view = views.find((candidate) => candidate['id'] === id);
  if (view === undefined) throw missing(noun, id);
  return view;
}
