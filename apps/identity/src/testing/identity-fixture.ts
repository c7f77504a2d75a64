import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@kilonova/config';
import { createLogger } from '@kilonova/observability';
import { identitySection, type RunningIdentity, startIdentity } from '../index.js';

const SEED = {
  projects: [{ name: 'admin' }, { name: 'demo' }, { name: 'service' }],
  users: [
    {
      name: 'admin',
      password: 'secret',
      roles: [
        { role: 'admin', project: 'admin' },
        { role: 'admin', system: true },
      ],
    },
    { name: 'agent', password: 'agent-secret', roles: [{ role: 'service', project: 'service' }] },
    { name: 'demo', password: 'demo-secret', default_project: 'demo', roles: [{ role: 'member', project: 'demo' }] },
  ],
  services: [{ type: 'compute', name: 'nova', url: 'http://nova/v2.1/%(project_id)s' }],
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export interface Question {
  readonly token?: string;
  readonly subject?: string;
  readonly body?: unknown;
}

/** The `auth` body of a login by name in the default domain. */
export const byName = (name: string, password: string, scope?: unknown) => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name, password, domain: { id: 'default' } } } },
    ...(scope === undefined ? {} : { scope }),
  },
});

/** The `auth` body that exchanges a token. */
export const byToken = (id: string, scope?: unknown) => ({
  auth: { identity: { methods: ['token'], token: { id } }, ...(scope === undefined ? {} : { scope }) },
});

export const onProject = (name: string) => ({ project: { name, domain: { id: 'default' } } });

/** A running service on a folder and a clock of its own. */
export class IdentityFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'identity-'));
  /** Epoch milliseconds; tests move it. */
  clock = Date.UTC(2026, 10, 21);
  #running: RunningIdentity | undefined;

  get url(): string {
    return (this.#running as RunningIdentity).url;
  }

  async start(): Promise<void> {
    const logger = createLogger({ name: 'identity', level: 'silent' });
    const flags = { identity: { port: 0, stateDir: this.folder } };
    const config = loadConfig({ sections: [identitySection], env: {}, flags }).get(identitySection);
    this.#running = await startIdentity(config, { seed: SEED, now: () => this.clock, logger });
  }

  async restart(): Promise<void> {
    await this.#running?.close();
    await this.start();
  }

  async end(): Promise<void> {
    await this.#running?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(method: string, path: string, { token, subject, body }: Question = {}): Promise<Answer> {
    const headers = {
      ...(token === undefined ? {} : { 'x-auth-token': token }),
      ...(subject === undefined ? {} : { 'x-subject-token': subject }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async logIn(name: string, password: string, scope?: unknown): Promise<string> {
    const answer = await this.ask('POST', '/v3/auth/tokens', { body: byName(name, password, scope) });
    if (answer.status !== 201) throw new Error(`${name} could not log in: ${answer.status}`);
    return answer.headers.get('x-subject-token') as string;
  }

  admin(): Promise<string> {
    return this.logIn('admin', 'secret', onProject('admin'));
  }
}
