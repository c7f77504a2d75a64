/** A service of the catalog, as it stands in a token. */
export interface CatalogService {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

export interface CatalogEndpoint {
  readonly interface: 'public' | 'internal' | 'admin';
  readonly region: string;
  readonly url: string;
}

/** Which endpoint of a service is wanted. */
export interface EndpointChoice {
  readonly interface: CatalogEndpoint['interface'];
  /** Empty: whichever comes first. */
  readonly region: string;
}

/** The URL of a service; undefined when the catalog has none that fits. */
export const endpointOf = (catalog: readonly CatalogService[], type: string, choice: EndpointChoice): string | undefined =>
  catalog
    .filter((service) => service.type === type)
    .flatMap((service) => service.endpoints)
    .find((endpoint) => endpoint.interface === choice.interface && (choice.region === '' || endpoint.region === choice.region))
    ?.url;
