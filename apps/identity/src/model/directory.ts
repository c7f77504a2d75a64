/** A namespace of users and projects. */
export interface Domain {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}

/** What owns resources; `parent_id` is the domain's id, as nested projects are not offered. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domain_id: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly tags: readonly string[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly domain_id: string;
  readonly enabled: boolean;
  /** `scrypt$…` as the password hasher writes it; null: can't log in with a password. */
  readonly password_hash: string | null;
  readonly default_project_id: string | null;
  /** Epoch milliseconds; a token issued earlier is void (password changed, user disabled). */
  readonly tokens_valid_after: number;
  /** Free attributes such as `email` and `description`. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** Where a role holds. */
export type Target =
  | { readonly kind: 'project'; readonly id: string }
  | { readonly kind: 'domain'; readonly id: string }
  | { readonly kind: 'system' };

export interface Assignment {
  readonly user_id: string;
  readonly role_id: string;
  readonly target: Target;
}

/** A token that was taken back before its time; kept until it would have expired. */
export interface Revocation {
  readonly audit_id: string;
  /** Epoch milliseconds. */
  readonly expires_at: number;
}

type Table<T> = Readonly<Record<string, T>>;

/** Everything the service remembers, as one immutable value: a change makes a new one. */
export interface Directory {
  readonly domains: Table<Domain>;
  readonly projects: Table<Project>;
  readonly users: Table<User>;
  readonly roles: Table<Role>;
  readonly assignments: readonly Assignment[];
  readonly revocations: readonly Revocation[];
}

export const emptyDirectory = (): Directory => ({
  domains: {},
  projects: {},
  users: {},
  roles: {},
  assignments: [],
  revocations: [],
});

/** A change and what its caller wants to know of it. Refusals are thrown as AppError before anything is written. */
export interface Changed<T> {
  readonly directory: Directory;
  readonly result: T;
}

/** The row of an id that somebody sent: names that every object has, as `constructor`, are no rows. */
export const rowOf = <T>(table: Table<T>, id: string): T | undefined => (Object.hasOwn(table, id) ? table[id] : undefined);

/** `table` without the row `id`. */
export function without<T>(table: Table<T>, id: string): Table<T> {
  const { [id]: _removed, ...rest } = table;
  return rest;
}
