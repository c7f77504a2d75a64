import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type ConfigFault } from '@kilonova/config';
import { type InventoryReport, wholeInventory } from '@kilonova/virt';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { providerFileSchema } from '../model/operator-provider-schema.js';
import type { OperatorProvider } from '../model/operator-providers.js';

type InventoryEntry = Pick<InventoryReport, 'total'> & Partial<InventoryReport>;

interface ProviderFile {
  readonly meta: { readonly schema_version: string };
  readonly providers?: ReadonlyArray<{
    readonly identification: OperatorProvider['identification'];
    readonly inventories?: { readonly additional?: ReadonlyArray<Readonly<Record<string, InventoryEntry>>> };
    readonly traits?: { readonly additional?: readonly string[] };
  }>;
}

const isProviderFile = new Ajv({ allErrors: true }).compile<ProviderFile>(providerFileSchema);
const isCustom = (name: string): boolean => name.startsWith('CUSTOM_');
const idOf = ({ identification }: Pick<OperatorProvider, 'identification'>): string => Object.values(identification)[0] as string;

/**
 * What an operator adds to providers: all `*.yaml` files of a folder, in the published schema 1.x. An empty name or a folder
 * without files adds nothing.
 * @param warn told of what is read, but not as its author may have meant it
 * @throws ConfigError with every fault of every file
 */
export function readProviderFiles(folder: string, warn: (message: string) => void): readonly OperatorProvider[] {
  if (folder === '') return [];
  const read = filesIn(folder).map((file) => readFile(file, warn));
  const providers = read.flatMap((file) => file.providers);
  const faults = [...read.flatMap((file) => file.faults), ...repeated(providers)];
  if (faults.length > 0) throw new ConfigError(faults);
  return providers;
}

function filesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    throw new ConfigError([
      { where: 'agent.providerConfigLocation', fault: `${folder} cannot be read: ${(error as Error).message}` },
    ]);
  }
}

interface ReadFile {
  readonly providers: readonly OperatorProvider[];
  readonly faults: readonly ConfigFault[];
}

function readFile(file: string, warn: (message: string) => void): ReadFile {
  const refused = (faults: readonly string[]): ReadFile => ({
    providers: [],
    faults: faults.map((fault) => ({ where: file, fault })),
  });
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refused([`is no YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
  if (!isProviderFile(content)) return refused((isProviderFile.errors ?? []).map(textOf));
  if (content.meta.schema_version !== '1.0')
    warn(`${file} has schema version ${content.meta.schema_version}: what is newer than 1.0 is passed over`);
  const faults: string[] = [];
  const providers = (content.providers ?? []).flatMap((entry, index): OperatorProvider[] => {
    const inventories = Object.fromEntries((entry.inventories?.additional ?? []).flatMap((one) => Object.entries(one)));
    const traits = entry.traits?.additional ?? [];
    for (const name of [...Object.keys(inventories), ...traits])
      if (!isCustom(name)) faults.push(`providers.${index} may add nothing but CUSTOM_ classes and traits, not ${name}`);
    if (Object.keys(inventories).length + traits.length > 0)
      return [{ identification: entry.identification, inventories: whole(inventories), traits, source: file }];
    warn(`${file} adds nothing to ${idOf(entry)}`);
    return [];
  });
  return { providers, faults: faults.map((fault) => ({ where: file, fault })) };
}

const whole = (inventories: Readonly<Record<string, InventoryEntry>>): OperatorProvider['inventories'] =>
  Object.fromEntries(
    Object.entries(inventories).map(([name, given]) => [name, { ...wholeInventory(given.total), allocation_ratio: 1, ...given }]),
  );

const textOf = ({ instancePath, message, params }: ErrorObject): string => {
  const name = 'additionalProperty' in params ? `: ${params['additionalProperty']}` : '';
  return `${instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.')} ${message}${name}`;
};

function repeated(providers: readonly OperatorProvider[]): readonly ConfigFault[] {
  const sources = new Map<string, string[]>();
  for (const provider of providers) {
    const id = idOf(provider);
    sources.set(id, [...(sources.get(id) ?? []), provider.source]);
  }
  return [...sources]
    .filter(([, files]) => files.length > 1)
    .map(([id, files]) => ({ where: id, fault: `is described more than once: ${[...new Set(files)].join(', ')}` }));
}
