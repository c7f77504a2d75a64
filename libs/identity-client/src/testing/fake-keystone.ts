import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx } from '@kilonova/util';

const DOMAIN = { id: 'default', name: 'Default' };

export const CATALOG = [
  {
    id: 's',
    type: 'placement',
    name: 'placement',
    endpoints: [{ interface: 'internal', region: 'RegionOne', url: 'http://placement' }],
  },
];

/** The document of a token of user `u`, as Keystone writes it. */
export const documentOf = (expiresAt: number) => ({
  expires_at: new Date(expiresAt).toISOString(),
  user: { id: 'u', name: 'user', domain: DOMAIN },
  project: { id: 'p', name: 'project', domain: DOMAIN },
  roles: [{ id: 'r', name: 'member' }],
  catalog: CATALOG,
});

/** Stands in for Keystone behind `RestClient.send`: logs in anybody, and knows the tokens it is told of. */
export class FakeKeystone {
  logins = 0;
  lookUps = 0;
  isDown = false;
  /** What its clock says, in the form of the header; left out, its answers tell no time. */
  date: string | undefined;
  refusesLogin = false;
  /** Own tokens that it no longer takes. */
  readonly revoked = new Set<string>();
  /** Callers' tokens by text, with their end. */
  readonly tokens = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async send<T>(_ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    await Promise.resolve();
    if (this.isDown)
      throw new AppError({
        kind: 'dependency',
        code: 'identity.timeout',
        message: 'The identity service did not answer within 5000 ms.',
      });
    return (request.method === 'POST' ? this.#logIn() : this.#lookUp(request)) as RestReply<T>;
  }

  #logIn(): RestReply {
    this.logins += 1;
    if (this.refusesLogin) return { status: 401, headers: {}, body: undefined };
    return {
      status: 201,
      headers: { 'x-subject-token': `own-${this.logins}` },
      body: { token: documentOf(this.now() + 3_600_000) },
    };
  }

  #lookUp({ headers = {} }: RestRequest): RestReply {
    this.lookUps += 1;
    if (this.revoked.has(headers['x-auth-token'] ?? '')) return { status: 401, headers: {}, body: undefined };
    const expiresAt = this.tokens.get(headers['x-subject-token'] ?? '');
    if (expiresAt === undefined) return { status: 404, headers: {}, body: undefined };
    return { status: 200, headers: { date: this.date }, body: { token: documentOf(expiresAt) } };
  }
}
