import { createCell, deleteCell, listCells, mapCell0, simpleCellSetup, updateCell } from '@kilonova/manage';
import type { Command } from 'commander';
import { textTable } from '../../up/text-table.js';
import type { ManageFlags } from './manage-settings.js';
import { managed, run, uuid } from './managed.js';

interface CellFlags extends ManageFlags {
  readonly name: string;
  readonly cell_uuid: string;
  readonly transportUrl?: string;
  readonly database_connection?: string;
  readonly verbose?: boolean;
  readonly force?: boolean;
  readonly disabled?: boolean;
  readonly disable?: boolean;
  readonly enable?: boolean;
}

/** The commands of `cell_v2` on cells themselves. */
export const cellCommands = (): readonly Command[] => [
  managed(
    'simple_cell_setup',
    'Set up cell0 and one cell, with their databases, and map the hosts. Exit 1: not done, or no host yet.',
  )
    .option('--transport-url <url>', "the cell's broker")
    .option('--database_connection <url>', "the cell's database (default: the API database's name with _cell1)")
    .action(setup),
  managed('map_cell0', 'Map cell0, which keeps the servers that got no host.')
    .option('--database_connection <url>', "its database (default: the API database's name with _cell0)")
    .action((flags: CellFlags) => run(flags, (context) => mapCell0(context, flags.database_connection))),
  managed('create_cell', 'Map a cell and print its UUID. Exit 1: something is missing, 2: there is such a cell.')
    .requiredOption('--name <name>', 'how it is called')
    .option('--transport-url <url>', 'its broker; may be a template: {hostname}, {file:/path} …')
    .option('--database_connection <url>', 'its database; may be a template')
    .option('--disabled', 'gets no servers until it is enabled')
    .action(create),
  managed('list_cells', 'List the cells; passwords are masked.').option('--verbose', 'show the passwords').action(list),
  managed(
    'update_cell',
    'Change a cell. Exit 1: unknown, 2: the name is taken, 3: the URLs are, 4: both --enable and --disable, 5: cell0 stays enabled.',
  )
    .requiredOption('--cell_uuid <uuid>', 'which', uuid)
    .option('--name <name>', 'its new name')
    .option('--transport-url <url>', 'its new broker')
    .option('--database_connection <url>', 'its new database')
    .option('--disable', 'give it no new servers')
    .option('--enable', 'give it servers again')
    .action(update),
  managed('delete_cell', 'Forget a cell. Exit 1: unknown, 2: it has hosts, 3: it has instances, 4: it had instances.')
    .requiredOption('--cell_uuid <uuid>', 'which', uuid)
    .option('--force', 'with its hosts and the mappings of deleted instances')
    .action((flags: CellFlags) => run(flags, (context) => deleteCell(context, flags.cell_uuid, flags.force))),
];

const setup = (flags: CellFlags): Promise<void> =>
  run(flags, (context) =>
    simpleCellSetup(context, { transport_url: flags.transportUrl ?? '', database_connection: flags.database_connection }),
  );

const create = (flags: CellFlags): Promise<void> =>
  run(flags, (context) =>
    createCell(context, {
      name: flags.name,
      transport_url: flags.transportUrl ?? '',
      database_connection: flags.database_connection ?? '',
      disabled: flags.disabled,
    }),
  );

const list = (flags: CellFlags): Promise<void> =>
  run(
    flags,
    (context) => listCells(context, flags.verbose),
    ({ value }) =>
      textTable(
        ['Name', 'UUID', 'Transport URL', 'Database Connection', 'Disabled'],
        value.map((cell) => [
          cell.name,
          cell.uuid,
          cell.transport_url,
          cell.database_connection,
          cell.disabled ? 'True' : 'False',
        ]),
      ),
  );

const update = (flags: CellFlags): Promise<void> =>
  run(flags, (context) =>
    updateCell(context, {
      cell_uuid: flags.cell_uuid,
      name: flags.name,
      transport_url: flags.transportUrl,
      database_connection: flags.database_connection,
      enable: flags.enable,
      disable: flags.disable,
    }),
  );
