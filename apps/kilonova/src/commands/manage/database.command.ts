import {
  apiDbVersion,
  cellDbVersions,
  cleanVolumeMappings,
  purgeDeleted,
  syncApiDb,
  syncCellDbs,
  syncLocalCell,
} from '@kilonova/manage';
import { Command } from 'commander';
import { textTable } from '../../up/text-table.js';
import { cellDatabaseUrl, type ManageFlags } from './manage-settings.js';
import { managed, run, tell } from './managed.js';

/** `kilonova manage api_db sync|version` */
export const apiDbCommand = (): Command =>
  new Command('api_db')
    .description('The database of the API level.')
    .addCommand(
      managed('sync', 'Bring its schema up to date; makes the database when it is missing.').action((flags: ManageFlags) =>
        run(flags, syncApiDb),
      ),
    )
    .addCommand(managed('version', 'Print the schema that it has.').action((flags: ManageFlags) => run(flags, apiDbVersion)));

/** `kilonova manage db sync|version|purge|clean_volume_mappings` */
export const dbCommand = (): Command =>
  new Command('db')
    .description('The databases of the cells.')
    .addCommand(
      managed('sync', 'Bring the schema of cell0 and of every cell up to date. Exit 1: a cell could not be reached.')
        .option('--local_cell', "only the cell whose conductor's file is given as --config")
        .action(sync),
    )
    .addCommand(managed('version', 'Print the schema of cell0 and of every cell.').action(version))
    .addCommand(
      managed('purge', 'Forget deleted instances. Exit 0: some were, 1: wrong arguments, 2: bad date, 3: there was nothing.')
        .option('--all', 'all of them')
        .option('--before <date>', 'those deleted before this')
        .action(purge),
    )
    .addCommand(
      managed(
        'clean_volume_mappings',
        'Find volumes that a server has more than once. Exit 0: there are none left, 1: there are.',
      )
        .option('--remove', 'keep one of each')
        .action(cleanMappings),
    );

const cleanMappings = (flags: ManageFlags & { readonly remove?: boolean }): Promise<void> =>
  run(flags, (context) => cleanVolumeMappings(context, { remove: flags.remove }));

const sync = (flags: ManageFlags & { readonly local_cell?: boolean }): Promise<void> =>
  flags.local_cell === true ? tell(() => syncLocalCell(cellDatabaseUrl(flags))) : run(flags, syncCellDbs);

const version = (flags: ManageFlags): Promise<void> =>
  run(flags, cellDbVersions, ({ value }) =>
    textTable(
      ['Cell', 'Version'],
      value.map((one) => [one.cell, one.version ?? 'no schema']),
    ),
  );

const purge = (flags: ManageFlags & { readonly all?: boolean; readonly before?: string }): Promise<void> =>
  run(flags, (context) =>
    purgeDeleted(context, { all: flags.all, before: flags.before === undefined ? undefined : new Date(flags.before) }),
  );
