import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@kilonova/config';
import { placementSections, syncDatabase } from '@kilonova/placement';
import { Command } from 'commander';
import {
  type ContainerFile,
  composeLayout,
  containerFiles,
  databaseAccess,
  databaseSecret,
  databaseUrl,
  ensureDatabaseRoles,
  ownerLayout,
  ownerOf,
  SUPERUSER,
} from '../compose/index.js';
import { awaitReady } from '../up/await-ready.js';
import { CloudClient } from '../up/cloud-client.js';
import type { CloudLayout } from '../up/cloud-layout.js';
import { prepareDatabases } from '../up/databases.js';
import { discoverHosts } from '../up/discover.js';
import { furnish } from '../up/furnish.js';
import { servicePlans } from '../up/service-plan.js';
import { StateDir } from '../up/state-dir.js';
import { UP_DEFAULTS, type UpOptions } from '../up/up-options.js';
import { writeCloudFiles } from '../up/write-cloud-files.js';

interface ComposeFlags {
  readonly stateDir: string;
  readonly settings: string;
  readonly cells: number;
  readonly agents: number;
}

const DEADLINE_MS = 180_000;

const step = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--state-dir <folder>', 'the volume with all secrets and the files of clients', '/var/lib/kilonova')
    .option('--settings <folder>', 'where the volumes with the settings of each container are mounted', '/etc/kilonova')
    .option('--cells <n>', 'cells', Number, 2)
    .option('--agents <n>', 'agents in each cell, one host each', Number, 2);

/** `kilonova compose files|databases|furnish`: the one-shot containers of docker-compose.yml. */
export const composeCommand = (): Command =>
  new Command('compose')
    .description('The one-shot steps of a cloud of containers; docker-compose.yml runs them in this order.')
    .addCommand(step('files', 'Make secrets, and the settings of every container.').action(files))
    .addCommand(step('databases', 'Make databases, their roles and schemas, map the cells.').action(databases))
    .addCommand(step('furnish', 'Map the hosts to their cells, make flavors and images.').action(furnishCloud));

interface Cloud {
  readonly options: UpOptions;
  readonly state: StateDir;
  readonly layout: CloudLayout;
  readonly secret: (name: string) => string;
}

function open({ stateDir, cells, agents }: ComposeFlags): Cloud {
  const state = StateDir.create(stateDir);
  const options = { ...UP_DEFAULTS, cells, agents, hosts: agents };
  const secret = (name: string): string => state.secret(name);
  return { options, state, layout: composeLayout(options, secret), secret };
}

function files(flags: ComposeFlags): void {
  const { options, state, layout, secret } = open(flags);
  writeCloudFiles(layout, servicePlans(options, layout, state.secrets), state);
  for (const file of containerFiles(options, layout, secret)) writeSettings(flags.settings, file);
  // The later steps see the volume of secrets, and may not write to it.
  ownerLayout(options, secret);
}

/** Readers see the file whole or not at all. */
function writeSettings(root: string, { container, name, text, foreign }: ContainerFile): void {
  const folder = join(root, container);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.new`), text, { mode: foreign ? 0o644 : 0o600 });
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

async function databases(flags: ComposeFlags): Promise<void> {
  const { options, layout, secret } = open(flags);
  const { databasePrefix: prefix } = options;
  const cells = layout.cells.map(({ name }) => name);
  const passwordOf = (role: string): string => secret(databaseSecret(role));
  const plan = { owner: ownerOf(prefix), databases: databaseAccess(prefix, cells), passwordOf };
  await ensureDatabaseRoles(plan, databaseUrl(SUPERUSER, secret, 'postgres'));
  const owned = ownerLayout(options, secret);
  await prepareDatabases(owned);
  await syncDatabase(
    loadConfig({ sections: placementSections, env: {}, defaults: { database: { url: owned.databases.placement } } }),
  );
}

async function furnishCloud(flags: ComposeFlags): Promise<void> {
  const { state, layout } = open(flags);
  const expected = flags.cells * flags.agents;
  await awaitReady('the hosts', DEADLINE_MS, async () => (await discoverHosts(layout)) >= expected);
  await furnish(new CloudClient(layout.internal, state.secret('admin-password')));
}
