import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineSection, type Environment, loadConfig, option, processEnvironment } from '@kilonova/config';
import { invalid, reasonOf } from '@kilonova/util';
import { parse } from 'yaml';
import { UP_DEFAULTS } from '../../up/up-options.js';
import { MANAGE_FILE } from '../../up/write-cloud-files.js';

/** Where a command learns which databases it works on. */
export interface ManageFlags {
  readonly config?: string;
  readonly stateDir?: string;
}

const apiDatabase = defineSection(
  'apiDatabase',
  { url: option.secretUrl({ optional: true, protocols: ['postgres', 'postgresql'], help: 'The API database.' }) },
  undefined,
  { 'database.url': 'url' },
);
const cell = defineSection('cell', {
  databaseUrl: option.secretUrl({ optional: true, protocols: ['postgres', 'postgresql'], help: "A cell's own database." }),
});

type Document = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * The API database: KILONOVA_API_DATABASE_URL, else the `apiDatabase.url` of the file. As with the services, the environment
 * stands above the file, and a name of old is refused.
 * @throws AppError `invalid-input`, code `kilonova.manage.no_database`, when none of them names it.
 */
export function apiDatabaseUrl(flags: ManageFlags, environment = processEnvironment()): string {
  const { url } = load(fileOf(flags), environment).get(apiDatabase);
  if (url === undefined) {
    throw invalid(
      'kilonova.manage.no_database',
      'No API database is named: give --config, --state-dir, or KILONOVA_API_DATABASE_URL.',
    );
  }
  return url;
}

/** The database of the one cell that a cell conductor's file or KILONOVA_CELL_DATABASE_URL names. @throws like `apiDatabaseUrl`. */
export function cellDatabaseUrl(flags: ManageFlags, environment = processEnvironment()): string {
  const { databaseUrl } = load(flags.config, environment).get(cell);
  if (databaseUrl === undefined) {
    throw invalid(
      'kilonova.manage.no_database',
      "No cell's database is named: give a cell conductor's file as --config, or KILONOVA_CELL_DATABASE_URL.",
    );
  }
  return databaseUrl;
}

/** The given file, else that of the state folder; the one that `up` takes by default need not be there. */
function fileOf({ config, stateDir }: ManageFlags): string | undefined {
  if (config !== undefined) return config;
  const file = join(stateDir ?? UP_DEFAULTS.stateDir, ...MANAGE_FILE);
  if (stateDir !== undefined && !existsSync(file)) {
    throw invalid('kilonova.manage.no_database', `There is no ${file}: no cloud was started there.`);
  }
  return existsSync(file) ? file : undefined;
}

const VARIABLES = [
  'KILONOVA_API_DATABASE_URL',
  'KILONOVA_API_DATABASE_URL_FILE',
  'KILONOVA_CELL_DATABASE_URL',
  'KILONOVA_CELL_DATABASE_URL_FILE',
];

/** Only what is about databases: the rest of a service's file and environment is checked by the service. */
function load(file: string | undefined, environment: Environment) {
  const env = Object.fromEntries(VARIABLES.map((name) => [name, environment[name]]));
  return loadConfig({ sections: [apiDatabase, cell], env, defaults: file === undefined ? {} : databasesIn(read(file)) });
}

function read(file: string): Document {
  try {
    return (parse(readFileSync(file, 'utf8')) ?? {}) as Document;
  } catch (cause) {
    throw invalid('kilonova.manage.config', `${file} cannot be read: ${reasonOf(cause)}`);
  }
}

/** `database` was the API database beside `computeApi`: placement's file has a section of that name of its own. */
const databasesIn = (document: Document) => {
  const urls = (section: string) => ({ url: document[section]?.['url'], urlFile: document[section]?.['urlFile'] });
  return {
    apiDatabase: urls('apiDatabase'),
    ...(document['computeApi'] === undefined ? {} : { database: urls('database') }),
    cell: { databaseUrl: document['cell']?.['databaseUrl'], databaseUrlFile: document['cell']?.['databaseUrlFile'] },
  };
};
