import { Command } from 'commander';
import { controlRequest } from '../control/control-client.js';
import type { ServiceStatus } from '../up/service-runner.js';
import { StateDir } from '../up/state-dir.js';
import { textTable } from '../up/text-table.js';
import { UP_DEFAULTS } from '../up/up-options.js';

/** `kilonova status` */
export const statusCommand = (): Command =>
  new Command('status')
    .description('Show the services of a running cloud.')
    .option('--state-dir <folder>', 'the folder given to `up`', UP_DEFAULTS.stateDir)
    .option('--json', 'as JSON')
    .action(async ({ stateDir, json }: { stateDir: string; json?: boolean }) => {
      const lines: string[] = [];
      await controlRequest(new StateDir(stateDir).path('run', 'control.sock'), 'status', (line) => lines.push(line));
      const services = JSON.parse(lines.join('')) as ServiceStatus[];
      if (json === true) return void process.stdout.write(`${JSON.stringify(services, null, 2)}\n`);
      const rows = services.map((service) => [service.name, service.state, String(service.pid ?? ''), String(service.restarts)]);
      process.stdout.write(`${textTable(['service', 'state', 'pid', 'restarts'], rows)}\n`);
      if (services.some((service) => service.state !== 'running')) process.exitCode = 1;
    });
