import { AppError } from '@kilonova/util';

/** Regular expressions on resource names, as RabbitMQ takes them. */
export interface VhostPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** The broker makes each of the queues before it answers. */
const DEFINITIONS_MS = 60_000;

const ALL: VhostPermissions = { configure: '.*', write: '.*', read: '.*' };

/**
 * The few calls of RabbitMQ's management HTTP API that provisioning needs. All are idempotent. Against a call of
 * `rabbitmqctl`, which starts an Erlang machine each time, they take milliseconds instead of seconds.
 */
export class ManagementApi {
  readonly #base: string;
  readonly #authorization: string;
  readonly #user: string;

  /** `url`: `http://user:password@host:port`. */
  constructor(
    url: string,
    private readonly timeoutMs = 10_000,
  ) {
    const { origin, username, password } = new URL(url);
    this.#base = `${origin}/api`;
    this.#user = decodeURIComponent(username);
    this.#authorization = `Basic ${Buffer.from(`${this.#user}:${decodeURIComponent(password)}`).toString('base64')}`;
  }

  /** True when the broker and its API answer. */
  async ready(): Promise<boolean> {
    return this.#send('GET', '/overview').then(
      () => true,
      () => false,
    );
  }

  /** Makes a virtual host in which this API's own user may do everything. */
  async addVhost(name: string): Promise<void> {
    await this.#send('PUT', `/vhosts/${encodeURIComponent(name)}`, {});
    await this.setPermissions(name, this.#user, ALL);
  }

  /** For tests. */
  async deleteVhost(name: string): Promise<void> {
    await this.#send('DELETE', `/vhosts/${encodeURIComponent(name)}`);
  }

  /** Makes a user without management rights, or sets the password of an existing one. */
  async addUser(name: string, password: string): Promise<void> {
    await this.#send('PUT', `/users/${encodeURIComponent(name)}`, { password, tags: '' });
  }

  async deleteUser(name: string): Promise<void> {
    await this.#send('DELETE', `/users/${encodeURIComponent(name)}`);
  }

  async setPermissions(vhost: string, user: string, permissions: VhostPermissions = ALL): Promise<void> {
    await this.#send('PUT', `/permissions/${encodeURIComponent(vhost)}/${encodeURIComponent(user)}`, permissions);
  }

  /** Makes everything that a definition file of RabbitMQ holds, or brings it up to date; takes nothing away. */
  async loadDefinitions(definitions: object): Promise<void> {
    await this.#send('POST', '/definitions', definitions, DEFINITIONS_MS);
  }

  /** Throws `dependency` for no answer or a refusal; a DELETE of what is gone succeeds. */
  async #send(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object, timeoutMs = this.timeoutMs): Promise<void> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { authorization: this.#authorization, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw refused(`${method} ${path}: no answer`, cause);
    });
    const text = await response.text();
    if (response.ok || (method === 'DELETE' && response.status === 404)) return;
    throw refused(`${method} ${path}: ${response.status} ${text}`);
  }
}

const refused = (what: string, cause?: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'local_server.rabbitmq.management',
    message: `RabbitMQ management API: ${what}`,
    cause,
  });
