import { type ConfigLine, describeConfig, loadConfig, type Section, sampleFile } from '@kilonova/config';
import { Command, Option } from 'commander';
import { textTable } from '../up/text-table.js';
import { CONFIGURED_APPS, sectionsOf } from './config/app-sections.js';

interface ConfigFlags {
  readonly app: string;
  readonly config?: string;
  readonly json?: boolean;
}

const ofApp = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(new Option('--app <name>', 'the service').choices(CONFIGURED_APPS).makeOptionMandatory());

/** `kilonova config show|sample` */
export const configCommand = (): Command =>
  new Command('config')
    .description('The configuration of the services.')
    .addCommand(
      ofApp(
        'show',
        'Show what a service would run with, and where each value comes from; secrets are hidden. Fails with every fault there is.',
      )
        .option('--config <file>', 'its configuration, YAML')
        .option('--json', 'as JSON')
        .action(show),
    )
    .addCommand(ofApp('sample', 'Print a file with every option at its default, commented out.').action(sample));

async function show({ app, config, json }: ConfigFlags): Promise<void> {
  const lines = describeConfig(loadConfig({ sections: await sections(app), file: config }));
  process.stdout.write(`${json === true ? JSON.stringify(lines, null, 2) : table(lines)}\n`);
}

async function sample({ app }: ConfigFlags): Promise<void> {
  process.stdout.write(sampleFile(await sections(app)));
}

const table = (lines: readonly ConfigLine[]): string =>
  textTable(
    ['Option', 'Value', 'From', 'Help'],
    lines.map(({ section, key, value, origin, help }) => [`${section}.${key}`, value, origin, help]),
  );

/** @throws Error for a service that is not known; the command line has refused it before. */
async function sections(app: string): Promise<readonly Section[]> {
  const found = await sectionsOf(app);
  if (found === undefined) throw new Error(`there is no service ${app}`);
  return found;
}
