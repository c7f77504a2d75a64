import { type DynamicModule, Module } from '@nestjs/common';
import { AuthController } from './http/auth.controller.js';
import { CatalogController } from './http/catalog.controller.js';
import { DomainController } from './http/domain.controller.js';
import { GrantController } from './http/grant.controller.js';
import { GroupController } from './http/group.controller.js';
import { ProjectController } from './http/project.controller.js';
import { RoleController } from './http/role.controller.js';
import { RoleAssignmentController } from './http/role-assignment.controller.js';
import { TokenController } from './http/token.controller.js';
import { CATALOG } from './http/tokens.js';
import { UserController } from './http/user.controller.js';
import { VersionController } from './http/version.controller.js';
import type { Service } from './model/catalog.js';
import { Authenticate } from './service/authenticate.service.js';
import { SaveUser } from './service/save-user.service.js';
import { DirectoryStore } from './store/directory.store.js';

const controllers = [
  AuthController,
  CatalogController,
  DomainController,
  GrantController,
  GroupController,
  ProjectController,
  RoleAssignmentController,
  RoleController,
  TokenController,
  UserController,
  VersionController,
];

/** What controllers are given. */
export interface IdentityParts {
  readonly store: DirectoryStore;
  readonly authenticate: Authenticate;
  readonly saveUser: SaveUser;
  readonly catalog: readonly Service[];
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a dynamic module of Nest is a class
export class IdentityModule {
  static with({ store, authenticate, saveUser, catalog }: IdentityParts): DynamicModule {
    return {
      module: IdentityModule,
      providers: [
        ...controllers,
        { provide: DirectoryStore, useValue: store },
        { provide: Authenticate, useValue: authenticate },
        { provide: SaveUser, useValue: saveUser },
        { provide: CATALOG, useValue: catalog },
      ],
    };
  }
}
