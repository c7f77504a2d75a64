import { pause } from '@kilonova/util';

export interface Server {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly 'OS-EXT-SRV-ATTR:host': string | null;
  readonly fault?: { readonly code: number; readonly message: string };
}

/** What came of asking once for a server. */
export interface BootAnswer {
  /** Undefined: there was no response. */
  readonly status: number | undefined;
  /** Of a server that was accepted. */
  readonly id: string | undefined;
  readonly ms: number;
}

export interface Allocation {
  readonly consumer: string;
  readonly provider: string;
  readonly resources: Readonly<Record<string, number>>;
}

interface Endpoints {
  readonly identity: string;
  readonly compute: string;
  readonly placement: string;
  readonly image: string;
}

/** Between the end of a service and its answer when it was started anew, on a busy machine; milliseconds. */
const PATIENCE_MS = 120_000;

/** A small client of the Compute and Placement APIs for end-to-end tests: patient while a service is being restarted. */
export class ComputeClient {
  #token: string | undefined;
  #image: string | undefined;

  constructor(
    private readonly endpoints: Endpoints,
    private readonly password: string,
  ) {}

  /** Boots one server, or several with `min_count`; tried again while the API does not accept it. @returns its id. */
  async boot(name: string, extra: Record<string, unknown> = {}, hints?: Record<string, unknown>): Promise<string> {
    const server = { name, imageRef: await this.imageId(), flavorRef: '1', networks: 'none', ...extra };
    const body = hints === undefined ? { server } : { server, 'os:scheduler_hints': hints };
    const { server: created } = await this.ask<{ server: { id: string } }>('POST', `${this.endpoints.compute}/servers`, body);
    return created.id;
  }

  /** Asks once for a server. */
  async bootOnce(name: string): Promise<BootAnswer> {
    const server = { name, imageRef: await this.imageId(), flavorRef: '1', networks: 'none' };
    const started = performance.now();
    const answer = await this.#once('POST', `${this.endpoints.compute}/servers`, { server }, {}).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer?.status === 401) this.#token = undefined;
    const ms = Math.round(performance.now() - started);
    const id = answer?.status === 202 ? (JSON.parse(text ?? '') as { server: { id: string } }).server.id : undefined;
    return { status: answer?.status, id, ms };
  }

  async servers(prefix: string): Promise<readonly Server[]> {
    const all: Server[] = [];
    for (
      let url: string | undefined = `${this.endpoints.compute}/servers/detail?name=${encodeURIComponent(`^${prefix}`)}`;
      url !== undefined;
    ) {
      const page: { servers: Server[]; servers_links?: Array<{ rel: string; href: string }> } = await this.ask('GET', url);
      all.push(...page.servers);
      url = page.servers_links?.find((link) => link.rel === 'next')?.href;
    }
    return all;
  }

  /** Polls until no server of the prefix is in BUILD; at most `seconds`. */
  async settled(prefix: string, count: number, seconds: number): Promise<readonly Server[]> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const servers = await this.servers(prefix);
      if (servers.length >= count && servers.every((server) => server.status === 'ACTIVE' || server.status === 'ERROR'))
        return servers;
      if (Date.now() > deadline) {
        const states = servers
          .map((server) => server.status)
          .sort()
          .join(' ');
        throw new Error(`after ${seconds} s ${servers.length} of ${count} servers: ${states}`);
      }
      await pause(200);
    }
  }

  async deleteAll(prefix: string, seconds: number): Promise<void> {
    for (const server of await this.servers(prefix)) await this.ask('DELETE', `${this.endpoints.compute}/servers/${server.id}`);
    const deadline = Date.now() + seconds * 1000;
    while ((await this.servers(prefix)).length > 0) {
      if (Date.now() > deadline) throw new Error(`servers ${prefix}* are still there after ${seconds} s`);
      await pause(200);
    }
  }

  /** Every consumer that placement has an allocation for, over all providers. */
  async consumers(): Promise<readonly string[]> {
    return (await this.allocations()).map(({ consumer }) => consumer);
  }

  /** What each consumer holds of each provider. */
  async allocations(): Promise<readonly Allocation[]> {
    const headers = { 'openstack-api-version': 'placement 1.28' };
    const { resource_providers } = await this.ask<{ resource_providers: Array<{ uuid: string; name: string }> }>(
      'GET',
      `${this.endpoints.placement}/resource_providers`,
      undefined,
      headers,
    );
    const lists = await Promise.all(
      resource_providers.map(async ({ uuid, name }) => {
        const { allocations } = await this.ask<{ allocations: Record<string, { resources: Record<string, number> }> }>(
          'GET',
          `${this.endpoints.placement}/resource_providers/${uuid}/allocations`,
          undefined,
          headers,
        );
        return Object.entries(allocations).map(([consumer, { resources }]) => ({ consumer, provider: name, resources }));
      }),
    );
    return lists.flat();
  }

  /** Asks for an action on a server, once: a refusal ends it too. */
  async act(id: string, action: string, body: unknown = null): Promise<void> {
    await this.askOnce('POST', `${this.endpoints.compute}/servers/${id}/action`, { [action]: body });
  }

  async delete(id: string): Promise<void> {
    await this.askOnce('DELETE', `${this.endpoints.compute}/servers/${id}`);
  }

  /** JSON with a token; answers of 5xx and broken connections are tried again until a busy machine has started a service anew. @throws Error on 4xx. */
  async ask<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#once(method, url, body, headers).catch((error: unknown) => error as Error);
      if (!(answer instanceof Error) && answer.status < 500) return this.#read<T>(answer, `${method} ${url}`);
      if (Date.now() > deadline)
        throw answer instanceof Error ? answer : new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
      await pause(200);
    }
  }

  /** Asks once, and takes whatever comes of it: a refusal, or no answer at all. @returns the status, if there was one */
  async askOnce(method: string, url: string, body?: unknown): Promise<number | undefined> {
    const answer = await this.#once(method, url, body, {}).catch(() => undefined);
    await answer?.text().catch(() => undefined);
    return answer?.status;
  }

  async #read<T>(answer: Response, what: string): Promise<T> {
    const text = await answer.text();
    if (answer.status >= 400 && answer.status !== 404) throw new Error(`${what}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async #once(method: string, url: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    this.#token ??= await this.#login();
    return fetch(url, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        'x-auth-token': this.#token,
        'openstack-api-version': 'compute 2.90',
        'content-type': 'application/json',
        ...headers,
      },
      signal: AbortSignal.timeout(30_000),
    });
  }

  async #login(): Promise<string> {
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: 'admin', domain, password: this.password } } };
    const answer = await fetch(`${this.endpoints.identity}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: 'admin', domain } } } }),
    });
    const token = answer.headers.get('x-subject-token');
    if (token === null) throw new Error(`no token: ${answer.status}`);
    return token;
  }

  /** The image that servers are booted from. */
  async imageId(): Promise<string> {
    this.#image ??= (
      await this.ask<{ images: Array<{ id: string }> }>('GET', `${this.endpoints.image}/v2/images?name=cirros`)
    ).images[0]?.id;
    return this.#image ?? '';
  }
}
