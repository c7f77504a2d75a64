import { readFileSync } from 'node:fs';
import { Config, type ResolvedSection } from './config.js';
import { ConfigError, type ConfigFault } from './config-error.js';
import { type Environment, processEnvironment } from './environment.js';
import type { Option } from './option.js';
import type { Section } from './section.js';
import {
  environmentLayer,
  fileLayer,
  flagLayer,
  keysOf,
  type Nested,
  nestedLayer,
  newNameOf,
  type RawLayer,
  type RawValue,
} from './sources.js';

export interface LoadOptions {
  readonly sections: readonly Section[];
  /** A YAML file of sections. */
  readonly file?: string;
  /** The process environment unless a test gives its own. */
  readonly env?: Environment;
  /** What came from the command line: `{'http.port': '8080'}` or `{http: {port: 8080}}`. */
  readonly flags?: Nested;
  /** `{http: {port: 8080}}`: what the caller sets below the file, e.g. the embedded mode. */
  readonly defaults?: Nested;
  /** Names of sections that other services read from the same file; they are passed over instead of refused. */
  readonly otherSections?: readonly string[];
}

/**
 * Loads and checks the sections: option defaults < `defaults` < file < environment < flags.
 * @throws ConfigError with all faults: wrong values, missing ones, unknown sections and keys.
 */
export function loadConfig(options: LoadOptions): Config {
  const faults: ConfigFault[] = [];
  const layers = readLayers(options, faults);
  layers.forEach((layer) => void checkNames(layer, options, faults));
  const resolved = new Map(options.sections.map((section) => [section.name, resolveSection(section, layers, faults)]));
  if (faults.length > 0) throw new ConfigError(faults);
  return new Config(resolved);
}

/** From the weakest to the strongest. */
function readLayers({ sections, file, env, flags, defaults, otherSections }: LoadOptions, faults: ConfigFault[]): RawLayer[] {
  return [
    nestedLayer(defaults ?? {}, 'defaults of the caller', faults),
    file === undefined ? new Map() : fileLayer(file, faults),
    environmentLayer(env ?? processEnvironment(), sections, otherSections ?? [], faults),
    flagLayer(flags ?? {}, faults),
  ];
}

function checkNames(layer: RawLayer, { sections, otherSections }: LoadOptions, faults: ConfigFault[]): void {
  for (const [name, keys] of layer) {
    if (otherSections?.includes(name)) continue;
    const section = sections.find((candidate) => candidate.name === name);
    const [first] = keys.values();
    if (section === undefined && ![...keys.keys()].some((key) => newNameOf(`${name}.${key}`, sections) !== undefined)) {
      faults.push({ where: name, fault: 'is no section', origin: first?.origin });
      continue;
    }
    const known = section === undefined ? [] : keysOf(section);
    for (const [key, { origin }] of keys)
      if (!known.includes(key))
        faults.push({ where: `${name}.${key}`, fault: unknownOption(`${name}.${key}`, sections), origin });
  }
}

function unknownOption(where: string, sections: readonly Section[]): string {
  const name = newNameOf(where, sections);
  return name === undefined ? 'is no option' : `is no option any more; write ${name}`;
}

function resolveSection(section: Section, layers: readonly RawLayer[], faults: ConfigFault[]): ResolvedSection {
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const [key, spec] of Object.entries(section.options)) {
    const where = `${section.name}.${key}`;
    const given = strongest(section.name, key, spec, layers, faults);
    origins[key] = given?.origin ?? 'default';
    values[key] = given === undefined ? absent(where, spec, faults) : parsed(where, key, spec, given, faults);
  }
  return Object.freeze({ section, values: Object.freeze(values), origins: Object.freeze(origins) });
}

function absent(where: string, spec: Option<unknown>, faults: ConfigFault[]): unknown {
  if (spec.default === undefined && spec.optional !== true) faults.push({ where, fault: `is not set (${spec.type})` });
  return spec.default;
}

function parsed(where: string, key: string, spec: Option<unknown>, given: RawValue, faults: ConfigFault[]): unknown {
  const result = spec.parse(given.raw, key);
  if ('value' in result) return result.value;
  faults.push({ where, fault: result.fault, origin: given.origin });
  return undefined;
}

/** The value of the strongest layer that has one; for a secret, `<key>` before `<key>File` within a layer. */
function strongest(
  section: string,
  key: string,
  spec: Option<unknown>,
  layers: readonly RawLayer[],
  faults: ConfigFault[],
): RawValue | undefined {
  for (const layer of [...layers].reverse()) {
    const keys = layer.get(section);
    const direct = keys?.get(key);
    if (direct !== undefined) return direct;
    const inFile = spec.secret ? keys?.get(`${key}File`) : undefined;
    if (inFile !== undefined) return readSecret(`${section}.${key}File`, inFile, faults);
  }
  return undefined;
}

function readSecret(where: string, named: RawValue, faults: ConfigFault[]): RawValue | undefined {
  try {
    return { raw: readFileSync(String(named.raw), 'utf8').replace(/\r?\n$/, ''), origin: `file ${String(named.raw)}` };
  } catch (error) {
    faults.push({ where, fault: `can't be read: ${(error as Error).message}`, origin: named.origin });
    return undefined;
  }
}

/** The same from this process's environment, with the settings that its composition or command line puts over all. */
export const loadProcessConfig = (sections: readonly Section[], file?: string, flags?: Nested): Config =>
  loadConfig({ sections, file, flags });
