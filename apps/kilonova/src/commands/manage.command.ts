import { Command } from 'commander';
import { cellCommands } from './manage/cell.command.js';
import { apiDbCommand, dbCommand } from './manage/database.command.js';
import { hostCommand, hostCommands } from './manage/host.command.js';

/** `kilonova manage api_db|db|cell_v2|host …`: names, options and exit codes are those that operators' scripts know. */
export const manageCommand = (): Command => {
  const cells = new Command('cell_v2').description('Cells, and which hosts and instances are in them.');
  for (const command of [...cellCommands(), ...hostCommands()]) cells.addCommand(command);
  return new Command('manage')
    .description('Databases, cells and hosts. Exit code 255: something went wrong that a command does not foresee.')
    .addCommand(apiDbCommand())
    .addCommand(dbCommand())
    .addCommand(cells)
    .addCommand(hostCommand());
};
