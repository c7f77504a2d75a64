import http from 'node:http';

const REQUEST_DEADLINE_MS = 60_000;

/** A user of one project, on kept connections of its own. */
export class Caller {
  #agent;
  #token;

  /**
   * @param endpoints `{ identity, image, placement, compute }` as `kilonova up` writes them into endpoints.json
   * @param login `{ user, password, project }` in the default domain
   */
  constructor(endpoints, login, connections = 64) {
    this.endpoints = endpoints;
    this.user = login;
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  }

  /** A new login; the status of the answer, and the token in `token` when there is one. */
  async login({ password = this.user.password } = {}) {
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: this.user.user, password, domain } } };
    const body = { auth: { identity, scope: { project: { name: this.user.project, domain } } } };
    const {
      status,
      headers,
      body: answer,
    } = await this.send('POST', `${this.endpoints.identity}/auth/tokens`, { body, token: null });
    if (status === 201) {
      this.#token = headers['x-subject-token'];
      this.projectId = answer.token.project.id;
    }
    return { status };
  }

  /** One request to the Compute API; `at` is the microversion. */
  compute(method, path, { at = '2.90', ...more } = {}) {
    return this.send(method, `${this.endpoints.compute}${path}`, {
      headers: { 'openstack-api-version': `compute ${at}` },
      ...more,
    });
  }

  /** The answer's body. @throws unless it has the wanted status. */
  async expect(wanted, answer) {
    const { status, body } = await answer;
    if (status !== wanted) throw new Error(`${wanted} was expected, not ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /**
   * @param options `body`: an object, or text or bytes that are sent as they are; `token`: another than one's own, null for none;
   *   `unread`: the answer's body is thrown away.
   */
  send(method, url, { body, headers = {}, token = this.#token, unread = false } = {}) {
    const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const all = {
      accept: 'application/json',
      ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    if (token !== undefined && token !== null) all['x-auth-token'] = token;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(REQUEST_DEADLINE_MS);
      const request = http.request(url, { method, headers: all, agent: this.#agent, signal }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => unread || chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: parsed(chunks) }));
      });
      request.on('error', reject);
      request.end(bytes);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

function parsed(chunks) {
  const text = Buffer.concat(chunks).toString();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
