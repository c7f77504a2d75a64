/**
 * The little of the Compute API that a reaper needs, as an administrator.
 *
 * @typedef {{ authUrl: string, username: string, password: string, project: string }} Account
 * @typedef {import('./choose.mjs').Size} Size
 * @typedef {{ id: string, status: string, host: string | null, created: string, preemptible: boolean, size: Size }} Server
 */

/** PENDING, and its rebuild, are extensions: they are asked for beside the microversion. Flavors show their extra specs since 2.61. */
const VERSION = 'compute 2.90, kilonova 1.0';
const TIMEOUT_MS = 30_000;
const PAGE = 500;

export class Cloud {
  /** @type {Promise<{ token: string, compute: string }> | undefined} */
  #session;

  /** @param {Account} account */
  constructor(account) {
    this.account = account;
  }

  /** Servers that wait for room, the longest waiting first. */
  async waiting() {
    return (await this.#servers('PENDING')).toSorted((a, b) => a.created.localeCompare(b.created));
  }

  /** Preemptible servers that run on a host. */
  async preemptible() {
    return (await this.#servers('ACTIVE')).filter(({ preemptible, host }) => preemptible && host !== null);
  }

  /** @param {string} id */
  async delete(id) {
    await this.#ask('DELETE', `/servers/${id}`, undefined, [204, 404]);
  }

  /** False: it is gone. @param {string} id */
  async exists(id) {
    return (await this.#ask('GET', `/servers/${id}`, undefined, [200, 404])).status === 200;
  }

  /** Has a server that waits scheduled anew. False: it does not wait any more. @param {string} id */
  async rebuild(id) {
    return (await this.#ask('POST', `/servers/${id}/action`, { rebuild: {} }, [202, 404, 409])).status === 202;
  }

  /** @param {string} status @returns {Promise<Server[]>} */
  async #servers(status) {
    /** @type {Server[]} */
    const found = [];
    for (;;) {
      const query = new URLSearchParams({ all_tenants: '1', status, limit: String(PAGE) });
      if (found.length > 0) query.set('marker', /** @type {Server} */ (found.at(-1)).id);
      const { body } = await this.#ask('GET', `/servers/detail?${query}`, undefined, [200]);
      found.push(...body.servers.map(serverOf));
      if (body.servers.length < PAGE) return found;
    }
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {readonly number[]} expected */
  async #ask(method, path, body, expected) {
    for (let attempt = 1; ; attempt++) {
      const { token, compute } = await this.#login();
      const answer = await fetch(`${compute}${path}`, {
        method,
        headers: { 'x-auth-token': token, 'openstack-api-version': VERSION, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await answer.text();
      if (answer.status === 401 && attempt === 1) {
        this.#session = undefined;
        continue;
      }
      if (!expected.includes(answer.status)) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
      return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : undefined };
    }
  }

  #login() {
    this.#session ??= this.#newSession().catch((error) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #newSession() {
    const { authUrl, username, password, project } = this.account;
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: username, domain, password } } };
    const answer = await fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const token = answer.headers.get('x-subject-token');
    if (token === null) throw new Error(`no token: ${answer.status}`);
    const { catalog } = (await answer.json()).token;
    const compute = catalog.find((/** @type {any} */ service) => service.type === 'compute');
    const endpoint = compute?.endpoints.find((/** @type {any} */ one) => one.interface === 'public');
    if (endpoint === undefined) throw new Error('the catalog names no Compute API');
    return { token, compute: endpoint.url.replace(/\/$/, '') };
  }
}

/** What says that a server may be deleted for another: its flavor, or its user. */
const KEY = 'preemptible';

/** @param {any} server @returns {Server} */
const serverOf = ({ id, status, created, metadata, flavor, 'OS-EXT-SRV-ATTR:host': host }) => ({
  id,
  status,
  host: host ?? null,
  created,
  preemptible: flavor.extra_specs?.[KEY] === 'true' || metadata[KEY] === 'true',
  size: { vcpus: flavor.vcpus, ram: flavor.ram, disk: flavor.disk + flavor.ephemeral },
});
