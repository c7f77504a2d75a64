import { fileURLToPath } from 'node:url';
import { processEnvironment } from '@kilonova/config';
import { stringify } from 'yaml';
import { SERVICE_GRACE_MS } from './leftovers.js';
import type { ServicePlan } from './service-plan.js';
import type { ServiceRunner, ServiceStatus } from './service-runner.js';
import type { StateDir } from './state-dir.js';
import { SupervisedProcess } from './supervised-process.js';

/** This process's environment for a child, without what is for `up` alone: it may hold passwords. */
export const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(processEnvironment()).filter(([name]) => !name.startsWith('KILONOVA_UP_')));

/** `main.js` beside the app's entry point. */
const mainOf = (app: string): string => fileURLToPath(new URL('./main.js', import.meta.resolve(`@kilonova/${app}`)));

/**
 * Each service as a process of its own, configured by a file, under the options of Node that this process has; one that ends
 * by itself is started again.
 */
export class ProcessServices implements ServiceRunner {
  readonly #processes: SupervisedProcess[] = [];

  constructor(
    private readonly state: StateDir,
    private readonly tell: (message: string) => void,
  ) {}

  start(plan: ServicePlan): Promise<void> {
    const file = this.state.write(['config', `${plan.name}.yaml`], stringify(plan.config), 0o600);
    const made = new SupervisedProcess(
      {
        name: plan.name,
        command: process.execPath,
        args: [...process.execArgv, mainOf(plan.app), ...(plan.args ?? []), '--config', file],
        env: childEnvironment(),
        logFile: this.state.path('log', `${plan.name}.log`),
        pidFile: this.state.path('run', `${plan.name}.pid`),
      },
      (name, reason) => this.tell(`${name} ended (${reason}); it is started again`),
    );
    this.#processes.push(made);
    made.start();
    return Promise.resolve();
  }

  status(): readonly ServiceStatus[] {
    return this.#processes.map((running) => running.status);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes].reverse().map((running) => running.stop(SERVICE_GRACE_MS)));
  }
}
