import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkUpgrade, cleanQueues } from '@kilonova/manage';
import { Command } from 'commander';
import { textTable } from '../up/text-table.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import type { ManageFlags } from './manage/manage-settings.js';
import { managed, run } from './manage/managed.js';

type UpgradeFlags = ManageFlags & { readonly placement?: string };
type CleanFlags = ManageFlags & { readonly remove?: boolean };

/** `kilonova upgrade check|clean_queues`: whether the services of compute can be started as things are, and what is done afterwards. */
export const upgradeCommand = (): Command =>
  new Command('upgrade')
    .description('The compute services and what they stand on.')
    .addCommand(checkCommand())
    .addCommand(
      managed(
        'clean_queues',
        "Find queues that earlier releases left on the cells' brokers. Exit 0: there are none left, 1: there are, 2: a broker is away.",
      )
        .option('--remove', 'delete those that are empty, when no process of an earlier release runs any more')
        .action((flags: CleanFlags) => run(flags, (context) => cleanQueues(context, flags))),
    );

const checkCommand = (): Command =>
  managed(
    'check',
    'May the services of this release be started? Exit 0: yes, 1: with warnings, 2: no, 255: the API database is away.',
  )
    .option('--placement <url>', 'where placement is; left out, as the cloud of --state-dir says')
    .action((flags: UpgradeFlags) =>
      run(flags, async (context) => {
        const result = await checkUpgrade(context, flags.placement ?? placementOf(flags.stateDir));
        const table = textTable(
          ['Check', 'Result', 'Details'],
          result.value.map(({ name, result: outcome, details }) => [name, outcome, details]),
        );
        return { ...result, lines: [table] };
      }),
    );

function placementOf(stateDir: string = UP_DEFAULTS.stateDir): string | undefined {
  const file = join(stateDir, 'endpoints.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { placement?: string }).placement : undefined;
}
