import { type Config, loadConfig, logSection } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import {
  audit,
  databaseVersion,
  describeApi,
  onlineDataMigrations,
  placementSections,
  startPlacement,
  syncDatabase,
  upgradeCheck,
} from '@kilonova/placement';
import { Command } from 'commander';
import { StateDir } from '../up/state-dir.js';
import { textTable } from '../up/text-table.js';
import { PLACEMENT_FILE } from '../up/write-cloud-files.js';

interface PlacementFlags {
  readonly config?: string;
  readonly stateDir?: string;
  readonly maxCount?: string;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Of the given file, else of the placement of a cloud. */
const configOf = ({ config, stateDir }: PlacementFlags): Config => {
  const ofCloud = stateDir === undefined ? undefined : StateDir.existing(stateDir).path(...PLACEMENT_FILE);
  return loadConfig({ sections: placementSections, file: config ?? ofCloud });
};

const sub = (name: string, description: string): Command =>
  new Command(name).description(description).option('--config <file>', "placement's configuration, YAML");

const onDatabase = (name: string, description: string): Command =>
  sub(name, description).option('--state-dir <folder>', "the folder given to `up`, in place of --config: its cloud's placement");

/** `kilonova placement serve|db …|upgrade check|audit|openapi`: the placement service by itself. */
export const placementCommand = (): Command =>
  new Command('placement')
    .description('The placement service by itself.')
    .addCommand(sub('serve', 'Run it until it is told to end.').action(serve))
    .addCommand(
      new Command('db')
        .description('Its database.')
        .addCommand(onDatabase('sync', 'Bring the schema up to date; makes the database when it is missing.').action(sync))
        .addCommand(onDatabase('version', 'Print the schema that the database has.').action(version))
        .addCommand(
          onDatabase(
            'online_data_migrations',
            'Complete old rows while the service runs. Exit 0: nothing left, 1: run again, 2: error.',
          )
            .option('--max-count <n>', 'rows at most')
            .action(migrateData),
        ),
    )
    .addCommand(
      new Command('upgrade')
        .description('Before an upgrade.')
        .addCommand(onDatabase('check', 'Exit 0: ready, 1: warnings, 2: not ready.').action(check)),
    )
    .addCommand(onDatabase('audit', 'Compare what is kept with what is summed up; tells of every difference.').action(auditAll))
    .addCommand(
      new Command('openapi')
        .description('Print its API as an OpenAPI 3.1 document, JSON. Needs neither configuration nor database.')
        .action(() => print(JSON.stringify(describeApi(), null, 2))),
    );

async function serve(flags: PlacementFlags): Promise<void> {
  const config = configOf(flags);
  const logger = createLogger({ name: 'placement', level: config.get(logSection).level });
  await runProcess(logger, () => startPlacement({ config, logger }));
}

async function sync(flags: PlacementFlags): Promise<void> {
  const { applied } = await syncDatabase(configOf(flags));
  print(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`);
}

async function version(flags: PlacementFlags): Promise<void> {
  print((await databaseVersion(configOf(flags))) ?? 'no schema');
}

async function migrateData(flags: PlacementFlags): Promise<void> {
  const maxCount = flags.maxCount === undefined ? undefined : Number(flags.maxCount);
  if (maxCount !== undefined && !(Number.isInteger(maxCount) && maxCount >= 1)) {
    process.stderr.write('--max-count must be a whole number from 1\n');
    process.exitCode = 127;
    return;
  }
  const report = await onlineDataMigrations(configOf(flags), maxCount);
  print(
    textTable(
      ['Migration', 'Total Found', 'Completed'],
      report.migrations.map((row) => [row.name, String(row.found), String(row.completed)]),
    ),
  );
  process.exitCode = report.exitCode;
}

async function check(flags: PlacementFlags): Promise<void> {
  const report = await upgradeCheck(configOf(flags));
  print(
    textTable(
      ['Check', 'Result', 'Details'],
      report.checks.map((row) => [row.name, row.result, row.details]),
    ),
  );
  process.exitCode = report.exitCode;
}

async function auditAll(flags: PlacementFlags): Promise<void> {
  const report = await audit(configOf(flags));
  print(report.findings.length === 0 ? 'nothing differs' : report.findings.map((finding) => JSON.stringify(finding)).join('\n'));
  process.exitCode = report.exitCode;
}
