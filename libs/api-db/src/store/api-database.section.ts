import { defineSection, option, type SectionValues } from '@kilonova/config';

/** The section `apiDatabase` with a service's own defaults. */
export const apiDatabaseSectionOf = (defaults: { readonly poolSize: number; readonly statementTimeoutSeconds?: number }) =>
  defineSection(
    'apiDatabase',
    {
      url: option.secretUrl({
        help: 'The API database, postgresql://user:password@host:port/name, shared by the Compute API, the super conductor and the scheduler.',
      }),
      poolSize: option.int({
        default: defaults.poolSize,
        min: 1,
        max: 500,
        help: 'Connections that one process keeps. A request under way needs one for a moment; a server group that is being scheduled holds one.',
      }),
      connectTimeoutSeconds: option.duration({
        default: 5,
        min: 0.1,
        help: 'How long is waited for a connection before what needs it fails.',
      }),
      statementTimeoutSeconds: option.duration({
        default: defaults.statementTimeoutSeconds ?? 30,
        min: 0.1,
        help: 'The database ends a statement that takes longer.',
      }),
    },
    undefined,
    {
      'database.url': 'url',
      'database.poolSize': 'poolSize',
      'database.connectTimeoutMs': 'connectTimeoutSeconds',
      'database.statementTimeoutMs': 'statementTimeoutSeconds',
    },
  );

export type ApiDatabaseValues = SectionValues<ReturnType<typeof apiDatabaseSectionOf>>;
