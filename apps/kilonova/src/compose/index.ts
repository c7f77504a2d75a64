// A cloud of containers: what each one of docker-compose.yml finds in its folder of settings, who may do what on the
// broker, and which role owns which database. The one-shot containers that use it are in commands/compose.command.ts.
export { composeLayout, databaseSecret, databaseUrl, ownerLayout, ownerOf, SUPERUSER } from './compose-layout.js';
export { type ContainerFile, containerFiles } from './container-files.js';
export { databaseAccess, ensureDatabaseRoles } from './database-roles.js';
