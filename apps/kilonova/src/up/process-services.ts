import { fileURLToPath } from 'node:url';
import { processEnvironment } from '@kilonova/config';
import { stringify } from 'yaml';
import { SERVICE_GRACE_MS } from './leftovers.js';
import { lightEnvironment, nodeOptions, type SharedProcess, withCompanions } from './light-services.js';
import type { ServicePlan } from './service-plan.js';
import type { ServiceRunner, ServiceStatus } from './service-runner.js';
import type { StateDir } from './state-dir.js';
import { SupervisedProcess } from './supervised-process.js';

/** This process's environment for a child, without what is for `up` alone: it may hold passwords. */
export const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(processEnvironment()).filter(([name]) => !name.startsWith('KILONOVA_UP_')));

const COMPANIONS_MAIN = fileURLToPath(new URL('../companions.js', import.meta.url));

/** `main.js` beside the app's entry point. */
const mainOf = (app: string): string => fileURLToPath(new URL('./main.js', import.meta.resolve(`@kilonova/${app}`)));

/**
 * Each service as a process of its own, but for the companions, which share one, and the agents of several hosts; configured
 * by a file each. A process that ends by itself is started again.
 */
export class ProcessServices implements ServiceRunner {
  readonly #processes: SupervisedProcess[] = [];
  readonly #companions: SharedProcess;

  constructor(
    private readonly state: StateDir,
    private readonly plans: readonly ServicePlan[],
    private readonly tell: (message: string) => void,
  ) {
    this.#companions = withCompanions(plans).companions;
  }

  start(plan: ServicePlan): Promise<void> {
    if (this.#companions.members.some(({ name }) => name === plan.name)) return this.#startCompanion(plan);
    const sharing = plan.process === undefined ? [plan] : this.plans.filter(({ process: shared }) => shared === plan.process);
    if (plan === sharing[0]) this.#runTogether(plan.process ?? plan.name, sharing);
    return Promise.resolve();
  }

  #runTogether(name: string, plans: readonly ServicePlan[]): void {
    const [first] = plans as [ServicePlan];
    const files = plans.flatMap((plan) => ['--config', this.#configure(plan)]);
    this.#run(name, first, [mainOf(first.app), ...(first.args ?? []), ...files]);
  }

  /** The first one that is asked for brings the others. */
  #startCompanion(plan: ServicePlan): Promise<void> {
    const { name, members } = this.#companions;
    const files = members.flatMap((member) => [`--${member.name}`, this.#configure(member)]);
    if (plan.name === members[0]?.name) this.#run(name, plan, [COMPANIONS_MAIN, ...files]);
    return Promise.resolve();
  }

  #configure(plan: ServicePlan): string {
    return this.state.write(['config', `${plan.name}.yaml`], stringify(plan.config), 0o600);
  }

  #run(name: string, plan: ServicePlan, words: readonly string[]): void {
    const made = new SupervisedProcess(
      {
        name,
        command: process.execPath,
        args: [...nodeOptions(process.execArgv, plan), ...words],
        env: { ...lightEnvironment(plan), ...childEnvironment() },
        logFile: this.state.path('log', `${name}.log`),
        pidFile: this.state.path('run', `${name}.pid`),
      },
      (service, reason) => this.tell(`${service} ended (${reason}); it is started again`),
    );
    this.#processes.push(made);
    made.start();
  }

  status(): readonly ServiceStatus[] {
    return this.#processes.map((running) => running.status);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes].reverse().map((running) => running.stop(SERVICE_GRACE_MS)));
  }
}
