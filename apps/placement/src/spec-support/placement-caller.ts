import { randomUUID } from 'node:crypto';
import { placementCheck } from './answer-check.js';

export interface CallOptions {
  readonly body?: unknown;
  /** Microversion `1.N`; 1.39 when left out, none sent when null. */
  readonly version?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CallReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at answers of every shape
  readonly body: any;
}

/**
 * Calls a placement over HTTP, as an administrator and service unless told otherwise. An answer that is not as the OpenAPI
 * document describes it fails the test, whatever the test is about.
 */
export class PlacementCaller {
  constructor(readonly url: string) {}

  /** @throws UndescribedAnswer */
  async send(method: string, path: string, options: CallOptions = {}): Promise<CallReply> {
    const { body, version = '1.39', headers = {} } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'x-auth-token': 'admin',
        'x-roles': 'admin,service',
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(version !== null && { 'openstack-api-version': `placement ${version}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const reply = { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
    placementCheck.check(method, path, reply);
    return reply;
  }

  get(path: string, options?: CallOptions): Promise<CallReply> {
    return this.send('GET', path, options);
  }

  put(path: string, body: unknown, options?: CallOptions): Promise<CallReply> {
    return this.send('PUT', path, { ...options, body });
  }

  post(path: string, body: unknown, options?: CallOptions): Promise<CallReply> {
    return this.send('POST', path, { ...options, body });
  }

  /** A provider with inventories; answers its uuid. @throws Error when placement refuses. */
  async provider(inventories: Readonly<Record<string, object>>, parent: string | null = null): Promise<string> {
    const uuid = randomUUID();
    const made = await this.post('/resource_providers', { name: `p-${uuid}`, uuid, parent_provider_uuid: parent });
    const filled = await this.put(`/resource_providers/${uuid}/inventories`, { resource_provider_generation: 0, inventories });
    if (made.status !== 200 || filled.status !== 200) throw new Error(`no provider: ${JSON.stringify([made.body, filled.body])}`);
    return uuid;
  }

  /** A claim of a consumer that holds nothing yet, or of the generation given. */
  claim(
    consumer: string,
    allocations: Readonly<Record<string, Readonly<Record<string, number>>>>,
    generation: number | null = null,
  ): Promise<CallReply> {
    return this.put(`/allocations/${consumer}`, claimBody(allocations, generation));
  }
}

/** The body of a claim at 1.39. */
export const claimBody = (
  allocations: Readonly<Record<string, Readonly<Record<string, number>>>>,
  generation: number | null = null,
) => ({
  allocations: Object.fromEntries(Object.entries(allocations).map(([provider, resources]) => [provider, { resources }])),
  project_id: 'project',
  user_id: 'user',
  consumer_generation: generation,
  consumer_type: 'INSTANCE',
});
