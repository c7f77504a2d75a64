import { deleteHost, discoverHosts, hostList, listHosts, verifyInstance } from '@kilonova/manage';
import { Command } from 'commander';
import { textTable } from '../../up/text-table.js';
import type { ManageFlags } from './manage-settings.js';
import { managed, run, uuid } from './managed.js';

interface HostFlags extends ManageFlags {
  readonly cell_uuid?: string;
  readonly verbose?: boolean;
  readonly strict?: boolean;
}

/** The commands of `cell_v2` on the hosts and instances of cells. */
export const hostCommands = (): readonly Command[] => [
  managed(
    'discover_hosts',
    'Map the hosts that have registered. Exit 1: unknown cell, or none with --strict, 2: a host is in another cell.',
  )
    .option('--cell_uuid <uuid>', 'only in this cell', uuid)
    .option('--verbose', 'say what was found')
    .option('--strict', 'fail when there was none')
    .action(discover),
  managed('list_hosts', 'List the mapped hosts. Exit 1: unknown cell.')
    .option('--cell_uuid <uuid>', 'only of this cell', uuid)
    .action(list),
  managed(
    'delete_host',
    'Forget a host. Exit 1: unknown cell, 2: unknown host, 3: it is in another cell, 4: instances are on it.',
  )
    .requiredOption('--cell_uuid <uuid>', 'its cell', uuid)
    .requiredOption('--host <name>', 'which')
    .action((flags: ManageFlags & { cell_uuid: string; host: string }) =>
      run(flags, (context) => deleteHost(context, flags.cell_uuid, flags.host)),
    ),
  managed(
    'verify_instance',
    'Whether an instance is in a cell. Exit 1: not mapped, 2: in no cell yet, 3: deleted, 4: deleted and purged.',
  )
    .requiredOption('--uuid <uuid>', 'which', uuid)
    .option('--quiet', 'only the exit code')
    .action(verify),
];

/** `kilonova manage host list` */
export const hostCommand = (): Command =>
  new Command('host')
    .description('The services of all cells.')
    .addCommand(managed('list', 'List them with their state. Exit 1: a cell did not answer.').action(services));

const discover = (flags: HostFlags): Promise<void> =>
  run(
    flags,
    (context) => discoverHosts(context, { cell_uuid: flags.cell_uuid, strict: flags.strict }),
    ({ lines }) => (flags.verbose === true ? lines.join('\n') : ''),
  );

const list = (flags: HostFlags): Promise<void> =>
  run(
    flags,
    (context) => listHosts(context, flags.cell_uuid),
    ({ value }) =>
      textTable(
        ['Cell Name', 'Cell UUID', 'Hostname'],
        value.map((mapping) => [mapping.cell_name, mapping.cell_uuid, mapping.host]),
      ),
  );

async function verify(flags: ManageFlags & { readonly uuid: string; readonly quiet?: boolean }): Promise<void> {
  await run(flags, async (context) => {
    const result = await verifyInstance(context, flags.uuid);
    return flags.quiet === true ? { ...result, lines: [] } : result;
  });
}

const services = (flags: ManageFlags): Promise<void> =>
  run(
    flags,
    (context) => hostList(context),
    ({ value }) =>
      textTable(
        ['Cell', 'Host', 'Binary', 'Status', 'State'],
        value.map((line) => [line.cell, line.host, line.binary, line.disabled ? 'disabled' : 'enabled', line.up ? 'up' : 'down']),
      ),
  );
