import 'reflect-metadata';
import { Command } from 'commander';
import { composeCommand } from './commands/compose.command.js';
import { configCommand } from './commands/config.command.js';
import { dlqCommand } from './commands/dlq.command.js';
import { downCommand } from './commands/down.command.js';
import { manageCommand } from './commands/manage.command.js';
import { notificationsCommand } from './commands/notifications.command.js';
import { placementCommand } from './commands/placement.command.js';
import { statusCommand } from './commands/status.command.js';
import { upCommand } from './commands/up.command.js';

const program = new Command('kilonova')
  .description('A compute control plane that speaks the OpenStack Compute and Placement APIs.')
  .version('0.1.0')
  .showHelpAfterError()
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(statusCommand())
  .addCommand(notificationsCommand())
  .addCommand(dlqCommand())
  .addCommand(manageCommand())
  .addCommand(configCommand())
  .addCommand(placementCommand())
  .addCommand(composeCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`kilonova: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
