import { reasonOf } from '@kilonova/util';
import 'reflect-metadata';
import { Command } from 'commander';
import { endWithReader } from './broken-pipe.js';
import { hidePasswords } from './hide-passwords.js';

/** In the order of the help. A command brings its whole service along, so only the one that is asked for is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.command.js')).upCommand(),
  down: async () => (await import('./commands/down.command.js')).downCommand(),
  status: async () => (await import('./commands/status.command.js')).statusCommand(),
  notifications: async () => (await import('./commands/notifications.command.js')).notificationsCommand(),
  dlq: async () => (await import('./commands/dlq.command.js')).dlqCommand(),
  explain: async () => (await import('./commands/explain.command.js')).explainCommand(),
  upgrade: async () => (await import('./commands/upgrade.command.js')).upgradeCommand(),
  manage: async () => (await import('./commands/manage.command.js')).manageCommand(),
  config: async () => (await import('./commands/config.command.js')).configCommand(),
  placement: async () => (await import('./commands/placement.command.js')).placementCommand(),
  compute: async () => (await import('./commands/compute.command.js')).computeCommand(),
  compose: async () => (await import('./commands/compose.command.js')).composeCommand(),
};

const program = new Command('kilonova')
  .description('A compute control plane that speaks the OpenStack Compute and Placement APIs.')
  .version('0.1.0')
  .showHelpAfterError();

endWithReader(process.stdout, () => process.exit());
hidePasswords(process);

const [, , asked = ''] = process.argv;
const wanted = Object.entries(COMMANDS).filter(([name]) => name === asked || !Object.hasOwn(COMMANDS, asked));
for (const command of await Promise.all(wanted.map(([, load]) => load()))) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`kilonova: ${reasonOf(error)}\n`);
  process.exitCode = 1;
}
