import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Config, type Origin, type Setting } from './config.js';
import { ConfigError } from './config-error.js';
import type { Option } from './option.js';
import type { Section } from './section.js';

type Tree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ConfigSources {
  /** Path of a YAML file: sections as maps. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings by section and key, over everything else: flags, or a composition's own. */
  readonly overrides?: Tree;
}

const screaming = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

/** `KILONOVA_HTTP_PORT` for key `port` of section `http`. */
export const environmentName = (section: string, key: string): string => `KILONOVA_${screaming(section)}_${screaming(key)}`;

function readFile(path: string | undefined, faults: string[]): Tree {
  if (path === undefined) return {};
  try {
    const tree: unknown = parse(readFileSync(path, 'utf8')) ?? {};
    if (typeof tree === 'object' && !Array.isArray(tree)) return tree as Tree;
    faults.push(`${path}: must be a map of sections`);
  } catch (error) {
    faults.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {};
}

/** Keys that no section knows; `<key>File` is known where key is a secret. */
function unknownKeys(tree: Tree, sections: readonly Section[], where: string): string[] {
  const known = new Map(sections.map((section) => [section.name, section]));
  return Object.entries(tree).flatMap(([name, values]) => {
    const section = known.get(name);
    if (section === undefined) return [`${where}: unknown section ${name}`];
    const keys = new Set(Object.entries(section.options).flatMap(([key, option]) => (option.secret ? [key, `${key}File`] : [key])));
    return Object.keys(values ?? {}).filter((key) => !keys.has(key)).map((key) => `${where}: unknown setting ${name}.${key}`);
  });
}

type Found = { readonly raw: unknown; readonly origin: Origin };

/** The value that wins: overrides, environment, file; each as itself or as a file that holds it. */
function find(section: string, key: string, option: Option<unknown>, file: Tree, sources: ConfigSources): Found | undefined {
  const env = sources.env ?? {};
  const places: ReadonlyArray<readonly [Origin, unknown, unknown]> = [
    ['flag', sources.overrides?.[section]?.[key], sources.overrides?.[section]?.[`${key}File`]],
    ['environment', env[environmentName(section, key)], env[environmentName(section, `${key}File`)]],
    ['file', file[section]?.[key], file[section]?.[`${key}File`]],
  ];
  for (const [origin, value, path] of places) {
    if (value !== undefined) return { raw: value, origin };
    if (option.secret && typeof path === 'string') return { raw: readFileSync(path, 'utf8').trim(), origin };
  }
  return undefined;
}

function setting(section: Section, key: string, option: Option<unknown>, file: Tree, sources: ConfigSources, faults: string[]): Setting {
  const base = { section: section.name, key, option };
  try {
    const found = find(section.name, key, option, file, sources);
    if (found === undefined) {
      if (option.default === undefined) faults.push(`${section.name}.${key}: must be given (${option.help})`);
      return { ...base, value: option.default, origin: 'default' };
    }
    const parsed = option.parse(found.raw);
    if ('value' in parsed) return { ...base, value: parsed.value, origin: found.origin };
    faults.push(`${section.name}.${key} (${found.origin}): ${parsed.fault}`);
  } catch (error) {
    faults.push(`${section.name}.${key}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { ...base, value: option.default, origin: 'default' };
}

/**
 * Reads a process's configuration: defaults < file < environment < overrides.
 * @throws ConfigError with every fault at once: unknown sections and settings, bad values, missing ones.
 */
export function loadConfig(sections: readonly Section[], sources: ConfigSources): Config {
  const faults: string[] = [];
  const file = readFile(sources.file, faults);
  faults.push(...unknownKeys(file, sections, sources.file ?? 'file'), ...unknownKeys(sources.overrides ?? {}, sections, 'overrides'));
  const settings = sections.flatMap((section) =>
    Object.entries(section.options).map(([key, option]) => setting(section, key, option, file, sources, faults)),
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return new Config(settings);
}

/** The same with this process's environment: the one place where it is read. */
export const loadProcessConfig = (sections: readonly Section[], file?: string, overrides?: Tree): Config =>
  loadConfig(sections, { file, overrides, env: process.env });
