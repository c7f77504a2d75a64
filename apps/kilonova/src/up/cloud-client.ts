import { AppError } from '@kilonova/util';
import type { Endpoints } from './client-files.js';

interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

interface Session {
  readonly token: string;
  readonly projectId: string;
}

/** The little of a client that `up` needs: a token, and JSON with it. */
export class CloudClient {
  #session: Promise<Session> | undefined;

  constructor(
    readonly endpoints: Endpoints,
    private readonly password: string,
  ) {}

  /** @throws AppError for an answer that is not expected. */
  async ask<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(url, {
      method,
      body: text,
      headers: { 'x-auth-token': (await this.#login()).token, 'openstack-api-version': 'compute 2.90', ...type, ...headers },
      signal: AbortSignal.timeout(30_000),
    });
    const raw = await answer.text();
    if (answer.status >= 400 && answer.status !== 404 && answer.status !== 409)
      throw refused(`${method} ${url}: ${answer.status} ${raw}`);
    return { status: answer.status, body: parsed(raw) as T };
  }

  /** The project that this client acts for, by id. */
  async projectId(): Promise<string> {
    return (await this.#login()).projectId;
  }

  #login(): Promise<Session> {
    this.#session ??= this.#newSession();
    return this.#session;
  }

  async #newSession(): Promise<Session> {
    const domain = { id: 'default' };
    const identity = { methods: ['password'], password: { user: { name: 'admin', domain, password: this.password } } };
    const answer = await fetch(`${this.endpoints.identity}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { name: 'admin', domain } } } }),
      signal: AbortSignal.timeout(30_000),
    });
    const token = answer.headers.get('x-subject-token');
    if (token === null) throw refused(`the identity service gives no token: ${answer.status}`);
    const body = (await answer.json()) as { token: { project: { id: string } } };
    return { token, projectId: body.token.project.id };
  }
}

/** JSON, or the text itself where it is none. */
function parsed(raw: string): unknown {
  try {
    return raw === '' ? undefined : JSON.parse(raw);
  } catch {
    return raw;
  }
}

const refused = (message: string): AppError => new AppError({ kind: 'dependency', code: 'kilonova.up.refused', message });
