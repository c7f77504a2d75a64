import { type CommandResult, ManageContext } from '@kilonova/manage';
import { isUuid, reasonOf } from '@kilonova/util';
import { Command, InvalidArgumentError } from 'commander';
import { apiDatabaseUrl, type ManageFlags } from './manage-settings.js';

/** What scripts see of an error that no command foresees. */
const UNEXPECTED = 255;

/** A command that works on the databases. */
export const managed = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--config <file>', "a service's configuration, YAML, that names the API database")
    .option('--state-dir <folder>', 'the folder given to `up`');

/** Reads an option that is a UUID. @throws InvalidArgumentError, which ends with exit code 1 as an unknown one does. */
export function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('This is no UUID.');
  return text;
}

/** Runs a command on the API database, prints what it has to say and sets its exit code. `show` replaces its lines. */
export const run = <T>(
  flags: ManageFlags,
  task: (context: ManageContext) => Promise<CommandResult<T>>,
  show?: (result: CommandResult<T>) => string,
): Promise<void> =>
  tell(async () => {
    const context = new ManageContext(apiDatabaseUrl(flags));
    try {
      return await task(context);
    } finally {
      await context.close();
    }
  }, show);

/** Prints a result and sets its exit code. A failed one is told in its own lines, with what it found nevertheless. */
export async function tell<T>(task: () => Promise<CommandResult<T>>, show?: (result: CommandResult<T>) => string): Promise<void> {
  try {
    const result = await task();
    const text = show === undefined || result.exitCode !== 0 ? result.lines.join('\n') : show(result);
    if (text !== '') process.stdout.write(`${text}\n`);
    process.exitCode = result.exitCode;
  } catch (error) {
    process.stderr.write(`kilonova: ${reasonOf(error)}\n`);
    process.exitCode = UNEXPECTED;
  }
}
