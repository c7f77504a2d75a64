import { RestClient } from '@kilonova/rest-client';
import { AppError, type Ctx, steadyTime } from '@kilonova/util';
import { type CatalogService, type EndpointChoice, endpointOf } from './catalog.js';
import type { Credentials } from './identity-client.config.js';
import { ServiceSession } from './service-session.js';
import { leftOf, type TokenDocument } from './token-document.js';

/** A token is renewed when less than this is left of it, milliseconds. */
const RENEW_AHEAD_MS = 120_000;

interface Held {
  readonly token: string;
  readonly expiresAt: number;
  readonly catalog: readonly CatalogService[];
}

/** The body of a login with name and password, scoped to a project. */
const loginBody = (credentials: Credentials): unknown => ({
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: { name: credentials.username, password: credentials.password, domain: { name: credentials.userDomainName } },
      },
    },
    scope: { project: { name: credentials.projectName, domain: { name: credentials.projectDomainName } } },
  },
});

/** A session with Keystone v3; concurrent callers share one login. */
export class KeystoneSession extends ServiceSession {
  #held: Held | undefined;
  #login: Promise<Held> | undefined;

  /** @param identity client of the identity service's v3 root */
  constructor(
    private readonly identity: Pick<RestClient, 'send'>,
    private readonly credentials: Credentials,
    private readonly choice: EndpointChoice,
    private readonly now: () => number = steadyTime,
  ) {
    super();
  }

  async token(ctx: Ctx): Promise<string> {
    return (await this.#current(ctx)).token;
  }

  async endpoint(ctx: Ctx, type: string): Promise<string> {
    const { catalog } = await this.#current(ctx);
    const url = endpointOf(catalog, type, this.choice);
    if (url !== undefined) return url;
    throw new AppError({
      kind: 'dependency',
      code: 'identity.endpoint_missing',
      message: `The catalog has no ${this.choice.interface} endpoint of a service of type ${type}${this.choice.region === '' ? '' : ` in region ${this.choice.region}`}.`,
    });
  }

  discard(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #current(ctx: Ctx): Promise<Held> {
    const held = this.#held;
    if (held !== undefined && held.expiresAt - RENEW_AHEAD_MS > this.now()) return held;
    this.#login ??= this.#logIn(ctx).finally(() => {
      this.#login = undefined;
    });
    this.#held = await this.#login;
    return this.#held;
  }

  /** Others may wait for the same login, so it is not bound to this caller's deadline. */
  async #logIn(ctx: Ctx): Promise<Held> {
    const shared = { ...ctx, deadline: undefined };
    const reply = await this.identity.send<{ token: TokenDocument }>(shared, {
      method: 'POST',
      path: '/auth/tokens',
      body: loginBody(this.credentials),
      idempotent: true,
    });
    const token = reply.headers['x-subject-token'];
    if (reply.status !== 201 || typeof token !== 'string') throw refused(reply.status);
    const { expires_at, catalog } = reply.body.token;
    return { token, expiresAt: this.now() + leftOf(expires_at, reply.headers, this.now), catalog: catalog ?? [] };
  }
}

const refused = (status: number): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'identity.login_refused',
    message: `The identity service refused this service's own credentials (${status}).`,
  });
