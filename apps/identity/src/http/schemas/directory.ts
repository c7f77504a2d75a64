import type { JsonSchema } from '@kilonova/http';

const name = { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' };
/** Domains and projects have shorter names than users. */
const shortName = { ...name, maxLength: 64 };
const id = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' };
const text = { type: ['string', 'null'], maxLength: 65_535 };
const enabled = { type: 'boolean' };

type Properties = Readonly<Record<string, JsonSchema>>;

/** A body `{<noun>: {…}}`; attributes that are not named are let through, as Keystone does. */
const wrapped = (noun: string, properties: Properties, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties: { [noun]: { type: 'object', properties, required } },
  required: [noun],
});

const domain: Properties = { name: shortName, description: text, enabled };
export const createDomainSchema = wrapped('domain', domain, ['name']);
export const updateDomainSchema = wrapped('domain', domain, []);

const tags = { type: 'array', items: { type: 'string', minLength: 1, maxLength: 255 }, maxItems: 80, uniqueItems: true };
const idOrNull = { ...id, type: ['string', 'null'] };
const project: Properties = {
  name: shortName,
  description: text,
  enabled,
  tags,
  domain_id: idOrNull,
  parent_id: idOrNull,
  is_domain: enabled,
};
export const createProjectSchema = wrapped('project', project, ['name']);
export const updateProjectSchema = wrapped('project', project, []);

const password = { type: ['string', 'null'], maxLength: 4096 };
const user: Properties = {
  name,
  enabled,
  password,
  description: text,
  email: text,
  domain_id: idOrNull,
  default_project_id: idOrNull,
};
export const createUserSchema = wrapped('user', user, ['name']);
export const updateUserSchema = wrapped('user', user, []);

/** `POST /v3/users/{id}/password` */
export const passwordSchema = wrapped(
  'user',
  { original_password: { type: 'string' }, password: { type: 'string', minLength: 1, maxLength: 4096 } },
  ['original_password', 'password'],
);

const role: Properties = { name, description: text };
export const createRoleSchema = wrapped('role', role, ['name']);
export const updateRoleSchema = wrapped('role', role, []);
