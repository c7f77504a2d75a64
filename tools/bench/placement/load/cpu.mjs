import { exec } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(exec);

/**
 * Answers a function that resolves to the CPU seconds the server has used so far, as `command`, one line of shell, prints them;
 * to NaN when there is no command.
 */
export function cpuMeter(command) {
  if (command === undefined) return async () => Number.NaN;
  return async () => {
    const { stdout } = await run(command);
    const seconds = Number.parseFloat(stdout);
    if (Number.isNaN(seconds)) throw new Error(`The command of --cpucmd printed no number: ${stdout}`);
    return seconds;
  };
}
