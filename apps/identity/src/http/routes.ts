import { type JsonSchema, type Route, route, type SchemaVersion } from '@kilonova/http';
import { AuthController } from './auth.controller.js';
import { CatalogController } from './catalog.controller.js';
import { DomainController } from './domain.controller.js';
import { GrantController } from './grant.controller.js';
import { GroupController } from './group.controller.js';
import { ProjectController } from './project.controller.js';
import { RoleController } from './role.controller.js';
import { RoleAssignmentController } from './role-assignment.controller.js';
import { authSchema } from './schemas/auth.js';
import {
  createDomainSchema,
  createProjectSchema,
  createRoleSchema,
  createUserSchema,
  passwordSchema,
  updateDomainSchema,
  updateProjectSchema,
  updateRoleSchema,
  updateUserSchema,
} from './schemas/directory.js';
import { TokenController } from './token.controller.js';
import { UserController } from './user.controller.js';
import { VersionController } from './version.controller.js';

const body = (schema: JsonSchema): { body: readonly SchemaVersion[] } => ({ body: [{ schema }] });

const versions: readonly Route[] = [
  route({ method: 'GET', path: '/', public: true }, VersionController, 'list'),
  route({ method: 'GET', path: '/v3', public: true }, VersionController, 'show'),
  route({ method: 'GET', path: '/v3/', public: true }, VersionController, 'show'),
];

/** A login carries no token, so the URL as a whole is public; the rows that need one ask the policy themselves. */
const tokens: readonly Route[] = [
  route({ method: 'POST', path: '/v3/auth/tokens', public: true, ...body(authSchema) }, TokenController, 'create'),
  route({ method: 'GET', path: '/v3/auth/tokens' }, TokenController, 'show'),
  route({ method: 'HEAD', path: '/v3/auth/tokens' }, TokenController, 'check'),
  route({ method: 'DELETE', path: '/v3/auth/tokens' }, TokenController, 'remove'),
];

const own: readonly Route[] = [
  route({ method: 'GET', path: '/v3/auth/catalog' }, AuthController, 'showCatalog'),
  route({ method: 'GET', path: '/v3/auth/projects' }, AuthController, 'listProjects'),
  route({ method: 'GET', path: '/v3/auth/domains' }, AuthController, 'listDomains'),
  route({ method: 'GET', path: '/v3/auth/system' }, AuthController, 'listSystem'),
];

const domains: readonly Route[] = [
  route({ method: 'GET', path: '/v3/domains', policy: 'identity:list_domains' }, DomainController, 'list'),
  route(
    { method: 'POST', path: '/v3/domains', policy: 'identity:create_domain', ...body(createDomainSchema) },
    DomainController,
    'create',
  ),
  route({ method: 'GET', path: '/v3/domains/:id' }, DomainController, 'show'),
  route(
    { method: 'PATCH', path: '/v3/domains/:id', policy: 'identity:update_domain', ...body(updateDomainSchema) },
    DomainController,
    'update',
  ),
  route({ method: 'DELETE', path: '/v3/domains/:id', policy: 'identity:delete_domain' }, DomainController, 'remove'),
];

const projects: readonly Route[] = [
  route({ method: 'GET', path: '/v3/projects', policy: 'identity:list_projects' }, ProjectController, 'list'),
  route(
    { method: 'POST', path: '/v3/projects', policy: 'identity:create_project', ...body(createProjectSchema) },
    ProjectController,
    'create',
  ),
  route({ method: 'GET', path: '/v3/projects/:id' }, ProjectController, 'show'),
  route(
    { method: 'PATCH', path: '/v3/projects/:id', policy: 'identity:update_project', ...body(updateProjectSchema) },
    ProjectController,
    'update',
  ),
  route({ method: 'DELETE', path: '/v3/projects/:id', policy: 'identity:delete_project' }, ProjectController, 'remove'),
];

const users: readonly Route[] = [
  route({ method: 'GET', path: '/v3/users', policy: 'identity:list_users' }, UserController, 'list'),
  route(
    { method: 'POST', path: '/v3/users', policy: 'identity:create_user', ...body(createUserSchema) },
    UserController,
    'create',
  ),
  route({ method: 'GET', path: '/v3/users/:id' }, UserController, 'show'),
  route(
    { method: 'PATCH', path: '/v3/users/:id', policy: 'identity:update_user', ...body(updateUserSchema) },
    UserController,
    'update',
  ),
  route({ method: 'DELETE', path: '/v3/users/:id', policy: 'identity:delete_user' }, UserController, 'remove'),
  route(
    { method: 'POST', path: '/v3/users/:id/password', public: true, ...body(passwordSchema) },
    UserController,
    'changePassword',
  ),
  route({ method: 'GET', path: '/v3/users/:id/projects' }, UserController, 'listProjects'),
  route({ method: 'GET', path: '/v3/users/:id/groups', policy: 'identity:list_groups' }, GroupController, 'list'),
];

const roles: readonly Route[] = [
  route({ method: 'GET', path: '/v3/roles', policy: 'identity:list_roles' }, RoleController, 'list'),
  route(
    { method: 'POST', path: '/v3/roles', policy: 'identity:create_role', ...body(createRoleSchema) },
    RoleController,
    'create',
  ),
  route({ method: 'GET', path: '/v3/roles/:id', policy: 'identity:get_role' }, RoleController, 'show'),
  route(
    { method: 'PATCH', path: '/v3/roles/:id', policy: 'identity:update_role', ...body(updateRoleSchema) },
    RoleController,
    'update',
  ),
  route({ method: 'DELETE', path: '/v3/roles/:id', policy: 'identity:delete_role' }, RoleController, 'remove'),
  route(
    { method: 'GET', path: '/v3/role_assignments', policy: 'identity:list_role_assignments' },
    RoleAssignmentController,
    'list',
  ),
];

/** Grants on one kind of target. */
const grantsOn = (target: string): readonly Route[] => [
  route({ method: 'GET', path: `${target}/users/:user_id/roles`, policy: 'identity:check_grant' }, GrantController, 'list'),
  route(
    { method: 'HEAD', path: `${target}/users/:user_id/roles/:role_id`, policy: 'identity:check_grant' },
    GrantController,
    'check',
  ),
  route(
    { method: 'GET', path: `${target}/users/:user_id/roles/:role_id`, policy: 'identity:check_grant' },
    GrantController,
    'check',
  ),
  route(
    { method: 'PUT', path: `${target}/users/:user_id/roles/:role_id`, policy: 'identity:create_grant' },
    GrantController,
    'create',
  ),
  route(
    { method: 'DELETE', path: `${target}/users/:user_id/roles/:role_id`, policy: 'identity:revoke_grant' },
    GrantController,
    'remove',
  ),
];

const groups: readonly Route[] = [
  route({ method: 'GET', path: '/v3/groups', policy: 'identity:list_groups' }, GroupController, 'list'),
  route({ method: 'GET', path: '/v3/groups/:id', policy: 'identity:list_groups' }, GroupController, 'show'),
];

const catalog: readonly Route[] = [
  route({ method: 'GET', path: '/v3/services', policy: 'identity:list_catalog' }, CatalogController, 'listServices'),
  route({ method: 'GET', path: '/v3/services/:id', policy: 'identity:list_catalog' }, CatalogController, 'showService'),
  route({ method: 'GET', path: '/v3/endpoints', policy: 'identity:list_catalog' }, CatalogController, 'listEndpoints'),
  route({ method: 'GET', path: '/v3/endpoints/:id', policy: 'identity:list_catalog' }, CatalogController, 'showEndpoint'),
  route({ method: 'GET', path: '/v3/regions' }, CatalogController, 'listRegions'),
  route({ method: 'GET', path: '/v3/regions/:id' }, CatalogController, 'showRegion'),
];

/** The service's route table. */
export const routes: readonly Route[] = [
  ...versions,
  ...tokens,
  ...own,
  ...domains,
  ...projects,
  ...users,
  ...roles,
  ...grantsOn('/v3/projects/:project_id'),
  ...grantsOn('/v3/domains/:domain_id'),
  ...grantsOn('/v3/system'),
  ...groups,
  ...catalog,
];
