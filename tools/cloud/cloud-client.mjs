import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const MICROVERSION = '2.90';
const REQUEST_DEADLINE_MS = 60_000;

/** A client of one project of a cloud: login, then requests on kept connections. */
export class Cloud {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  #token;

  /** @param endpoints `{ identity, compute, image }`: URLs as `kilonova up` writes them into endpoints.json. */
  constructor(endpoints) {
    this.endpoints = endpoints;
  }

  /** Password login to a project of the default domain. */
  async login({ user, password, project }) {
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: user, password, domain } } };
    const body = { auth: { identity, scope: { project: { name: project, domain } } } };
    const { headers } = await this.#expect(201, 'POST', `${this.endpoints.identity}/auth/tokens`, body);
    this.#token = headers['x-subject-token'];
  }

  /** Lifts the default quota, so that no load is refused. */
  async liftQuota() {
    const quota = { quota_class_set: { instances: -1, cores: -1, ram: -1 } };
    await this.#expect(200, 'PUT', `${this.endpoints.compute}/os-quota-class-sets/default`, quota);
  }

  /** The id of the first image. */
  async anyImage() {
    const { body } = await this.#expect(200, 'GET', `${this.endpoints.image}/v2/images?limit=1`);
    return body.images[0].id;
  }

  /** Asks for servers; `more` may hold `min_count`. The answer comes when the request is accepted. */
  async create(name, image, more = {}) {
    const server = { name, imageRef: image, flavorRef: '1', networks: 'none', ...more };
    const { body } = await this.#expect(202, 'POST', `${this.endpoints.compute}/servers`, { server });
    return body.server.id;
  }

  /** The status of a server; `GONE` when there is none. */
  async statusOf(id) {
    const { status, body } = await this.#request('GET', `${this.endpoints.compute}/servers/${id}`);
    return status === 404 ? 'GONE' : body.server.status;
  }

  /** Asks the Compute API for something. @throws when the answer is no success. @returns its body */
  async ask(method, path, body) {
    const answer = await this.#request(method, `${this.endpoints.compute}${path}`, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Asks for an action on a server; the answer comes when it is accepted. */
  async act(id, action) {
    return this.ask('POST', `/servers/${id}/action`, action);
  }

  async server(id) {
    return (await this.ask('GET', `/servers/${id}`)).server;
  }

  async delete(id) {
    await this.#expect(204, 'DELETE', `${this.endpoints.compute}/servers/${id}`);
  }

  /** One page, of at most 1,000 servers; `path` is `/servers` or `/servers/detail`. */
  async list(path, query = '') {
    const { body } = await this.#expect(200, 'GET', `${this.endpoints.compute}${path}?limit=1000${query}`);
    return body.servers;
  }

  /** Polls until `look` says yes. @throws when it does not within the deadline. */
  async until(what, look, { everyMs = 10, deadlineMs = 600_000 } = {}) {
    const end = performance.now() + deadlineMs;
    while (!(await look())) {
      if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs / 1000} s`);
      await sleep(everyMs);
    }
  }

  close() {
    this.#agent.destroy();
  }

  async #expect(wanted, method, url, body) {
    const answer = await this.#request(method, url, body);
    if (answer.status === wanted) return answer;
    throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  #request(method, url, body) {
    const headers = { accept: 'application/json', 'openstack-api-version': `compute ${MICROVERSION}` };
    if (this.#token !== undefined) headers['x-auth-token'] = this.#token;
    if (body !== undefined) headers['content-type'] = 'application/json';
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(REQUEST_DEADLINE_MS);
      const request = http.request(url, { method, headers, agent: this.#agent, signal }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: parsed(chunks) }));
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function parsed(chunks) {
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
