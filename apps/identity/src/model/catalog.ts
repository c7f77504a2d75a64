import { createHash } from 'node:crypto';

export type Interface = 'public' | 'internal' | 'admin';

/** A service of the cloud as it is configured. A left-out internal or admin URL is the public one. */
export interface ServiceSeed {
  readonly type: string;
  readonly name: string;
  readonly url: string;
  readonly internal_url?: string;
  readonly admin_url?: string;
  readonly region?: string;
}

export interface Endpoint {
  readonly id: string;
  readonly interface: Interface;
  readonly region: string;
  readonly url: string;
  readonly serviceId: string;
}

export interface Service {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
}

/** Ids that stay the same over restarts without being stored. */
const stableId = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);

/** The services by type, each with its endpoints in every region that names it. */
export function buildCatalog(seeds: readonly ServiceSeed[], defaultRegion: string): readonly Service[] {
  const services = new Map<string, Service>();
  for (const seed of seeds) {
    const id = stableId('service', seed.type, seed.name);
    const known = services.get(id);
    services.set(id, {
      id,
      type: seed.type,
      name: seed.name,
      endpoints: [...(known?.endpoints ?? []), ...endpointsOf(seed, id, defaultRegion)],
    });
  }
  return [...services.values()];
}

function endpointsOf(seed: ServiceSeed, serviceId: string, defaultRegion: string): readonly Endpoint[] {
  const region = seed.region ?? defaultRegion;
  const urls: ReadonlyArray<readonly [Interface, string]> = [
    ['public', seed.url],
    ['internal', seed.internal_url ?? seed.url],
    ['admin', seed.admin_url ?? seed.url],
  ];
  return urls.map(([face, url]) => ({
    id: stableId('endpoint', serviceId, region, face),
    interface: face,
    region,
    url,
    serviceId,
  }));
}

/** All regions that the catalog names. */
export const regionsOf = (catalog: readonly Service[]): readonly string[] => [
  ...new Set(catalog.flatMap((service) => service.endpoints.map((endpoint) => endpoint.region))),
];

/** Fills `$(project_id)s` and `%(project_id)s` (and the older `tenant_id`) in an endpoint's URL. */
export const endpointUrl = (url: string, projectId: string | undefined): string =>
  url.replace(/[$%]\((project_id|tenant_id)\)s/g, projectId ?? '');
