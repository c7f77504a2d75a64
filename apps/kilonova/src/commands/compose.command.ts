import { Command } from 'commander';
import { stringify } from 'yaml';
import { brokerDefinitions } from '../compose/broker-definitions.js';
import { agentUser, brokerUrl, composeLayout } from '../compose/compose-layout.js';
import { awaitReady } from '../up/await-ready.js';
import { CloudClient } from '../up/cloud-client.js';
import type { CloudLayout } from '../up/cloud-layout.js';
import { prepareDatabases } from '../up/databases.js';
import { discoverHosts } from '../up/discover.js';
import { furnish } from '../up/furnish.js';
import { type ServicePlan, servicePlans } from '../up/service-plan.js';
import { StateDir } from '../up/state-dir.js';
import { UP_DEFAULTS, type UpOptions } from '../up/up-options.js';
import { writeCloudFiles } from '../up/write-cloud-files.js';

interface ComposeFlags {
  readonly stateDir: string;
  readonly cells: number;
  readonly agents: number;
}

const DEADLINE_MS = 180_000;

const step = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--state-dir <folder>', 'the volume that all containers share', '/var/lib/kilonova/cloud')
    .option('--cells <n>', 'cells', Number, 2)
    .option('--agents <n>', 'agents in each cell, one host each', Number, 2);

/** `kilonova compose files|databases|furnish`: the one-shot containers of docker-compose.yml. */
export const composeCommand = (): Command =>
  new Command('compose')
    .description('The one-shot steps of a cloud of containers; docker-compose.yml runs them in this order.')
    .addCommand(step('files', 'Make secrets, the broker definitions and the configuration of every service.').action(files))
    .addCommand(step('databases', 'Make databases and schemas, map the cells.').action(databases))
    .addCommand(step('furnish', 'Map the hosts to their cells, make flavors and images.').action(furnishCloud));

const optionsOf = (flags: ComposeFlags): UpOptions => ({ ...UP_DEFAULTS, cells: flags.cells, agents: flags.agents, hosts: flags.agents });

function open(flags: ComposeFlags): { readonly options: UpOptions; readonly state: StateDir; readonly layout: CloudLayout } {
  const state = new StateDir(flags.stateDir);
  const options = optionsOf(flags);
  return { options, state, layout: composeLayout(options, (name) => state.secret(name)) };
}

function files(flags: ComposeFlags): void {
  const { options, state, layout } = open(flags);
  writeCloudFiles(layout, state);
  state.write(['secrets', 'postgres-password'], state.secret('postgres-password'), 0o644);
  state.write(['secrets', 'rabbitmq-definitions.json'], brokerDefinitions(layout, (name) => state.secret(name)), 0o644);
  state.write(['secrets', 'rabbitmq.conf'], `load_definitions = ${state.path('secrets', 'rabbitmq-definitions.json')}\nlisteners.tcp.default = 5672\n`);
  for (const plan of servicePlans(options, layout, state.secrets)) {
    state.write(['config', `${plan.name}.yaml`], stringify(inContainer(plan, state)), 0o600);
  }
}

/** What differs in a container: health is answered on a port of its own, and an agent logs in as its host. */
function inContainer(plan: ServicePlan, state: StateDir): ServicePlan['config'] {
  const health = { host: '127.0.0.1', port: 9000 };
  if (plan.app === 'conductor' || plan.app === 'scheduler') return { ...plan.config, health };
  if (plan.app !== 'compute-agent') return plan.config;
  const { cell, hosts } = plan.config['agent'] as { cell: string; hosts: readonly string[] };
  const host = hosts[0] ?? '';
  return { ...plan.config, health, messaging: { url: brokerUrl(agentUser(host), state.secret(`rabbitmq-${host}`), cell) } };
}

async function databases(flags: ComposeFlags): Promise<void> {
  await prepareDatabases(open(flags).layout);
}

async function furnishCloud(flags: ComposeFlags): Promise<void> {
  const { state, layout } = open(flags);
  const expected = flags.cells * flags.agents;
  await awaitReady('the hosts', DEADLINE_MS, async () => (await discoverHosts(layout)) >= expected);
  await furnish(new CloudClient(layout.internal, state.secret('admin-password')));
}
