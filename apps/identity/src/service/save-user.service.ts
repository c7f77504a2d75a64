import { randomUUID } from 'node:crypto';
import { rowOf, type User } from '../model/directory.js';
import { unauthenticated } from '../model/errors.js';
import { createUser, updateUser, userById } from '../model/user.js';
import type { DirectoryStore } from '../store/directory.store.js';
import type { PasswordHasher } from './hashing/password-hasher.js';
import type { PasswordLogin } from './password-login.service.js';

/** A user's attributes as a client sends them; others than these are kept as they are. */
export interface UserFields extends Readonly<Record<string, unknown>> {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly password?: string | null;
  readonly domain_id?: string | null;
  readonly default_project_id?: string | null;
}

/** Attributes that are ours to say, whatever a client sends. */
const OURS = new Set([
  'id',
  'name',
  'enabled',
  'password',
  'domain_id',
  'default_project_id',
  'password_expires_at',
  'options',
  'links',
  'federated',
]);

const extraOf = (fields: UserFields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !OURS.has(key)));

/** Creates and changes users; passwords become hashes here. */
export class SaveUser {
  constructor(
    private readonly store: DirectoryStore,
    private readonly passwords: PasswordHasher,
    private readonly logins: PasswordLogin,
    private readonly now: () => number,
  ) {}

  /** @throws AppError not-found for an unknown domain, conflict for a name that is taken */
  async create(fields: UserFields, defaultDomainId: string): Promise<User> {
    const user: User = {
      id: randomUUID().replaceAll('-', ''),
      name: fields.name as string,
      domain_id: fields.domain_id ?? defaultDomainId,
      enabled: fields.enabled ?? true,
      password_hash: await this.#hash(fields.password),
      default_project_id: fields.default_project_id ?? null,
      tokens_valid_after: 0,
      extra: extraOf(fields),
    };
    return this.store.change((directory) => createUser(directory, user));
  }

  /** A new password, or being disabled, voids the user's tokens. @throws AppError not-found, conflict */
  async update(id: string, fields: UserFields): Promise<User> {
    const changes = {
      ...(fields.name === undefined ? {} : { name: fields.name }),
      ...(fields.enabled === undefined ? {} : { enabled: fields.enabled }),
      ...(fields.default_project_id === undefined ? {} : { default_project_id: fields.default_project_id }),
      ...(fields.password === undefined ? {} : { password_hash: await this.#hash(fields.password) }),
      extra: extraOf(fields),
    };
    return this.store.change((directory) => updateUser(directory, id, changes, this.now()));
  }

  /**
   * @param address where the request comes from
   * @throws AppError unauthenticated when the old password is wrong or the user can't log in; quota (429) as for logins
   */
  changePassword(id: string, original: string, password: string, address: string): Promise<void> {
    const user = rowOf(this.store.current.users, id);
    return this.logins.run({ reference: { id, password: original }, user, address }, async (matches) => {
      if (user?.enabled !== true || !matches) throw unauthenticated();
      const password_hash = await this.passwords.hash(password);
      await this.store.change((directory) => updateUser(directory, userById(directory, id).id, { password_hash }, this.now()));
    });
  }

  #hash(password: string | null | undefined): Promise<string | null> {
    return password === null || password === undefined ? Promise.resolve(null) : this.passwords.hash(password);
  }
}
