import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ConfigFault } from './config-error.js';
import type { Environment } from './environment.js';
import { envName, envPrefix, type Section } from './section.js';

/** Raw values by section and key, with the origin of each. */
export type RawLayer = ReadonlyMap<string, ReadonlyMap<string, RawValue>>;

export interface RawValue {
  readonly raw: unknown;
  readonly origin: string;
}

export type Nested = Readonly<Record<string, unknown>>;

class LayerBuilder {
  readonly layer = new Map<string, Map<string, RawValue>>();

  put(section: string, key: string, raw: unknown, origin: string): void {
    const keys = this.layer.get(section) ?? new Map<string, RawValue>();
    keys.set(key, { raw, origin });
    this.layer.set(section, keys);
  }
}

/** `{http: {port: 1}}` as a layer. */
export function nestedLayer(values: Nested, origin: string, faults: ConfigFault[]): RawLayer {
  const builder = new LayerBuilder();
  for (const [section, keys] of Object.entries(values)) {
    if (keys === null || keys === undefined) continue;
    if (typeof keys !== 'object' || Array.isArray(keys))
      faults.push({ where: section, fault: 'must be a section with keys', origin });
    else
      for (const [key, raw] of Object.entries(keys))
        if (raw !== undefined && raw !== null) builder.put(section, key, raw, origin);
  }
  return builder.layer;
}

/** A YAML file as a layer; a file that is not there or not YAML is a fault. */
export function fileLayer(path: string, faults: ConfigFault[]): RawLayer {
  try {
    const document: unknown = parse(readFileSync(path, 'utf8')) ?? {};
    if (typeof document === 'object' && !Array.isArray(document)) return nestedLayer(document as Nested, `file ${path}`, faults);
    faults.push({ where: path, fault: 'must hold sections with keys' });
  } catch (error) {
    faults.push({ where: path, fault: `can't be read: ${(error as Error).message}` });
  }
  return new Map();
}

/** Flags as a layer: `{'http.port': 1}` as a command line gives them, or nested as a composition does. */
export function flagLayer(flags: Nested, faults: ConfigFault[]): RawLayer {
  const builder = new LayerBuilder();
  for (const [name, raw] of Object.entries(flags)) {
    if (raw === undefined || raw === null) continue;
    if (typeof raw === 'object' && !Array.isArray(raw)) {
      for (const [key, value] of Object.entries(raw))
        if (value !== undefined && value !== null) builder.put(name, key, value, `--${name}.${key}`);
      continue;
    }
    const dot = name.lastIndexOf('.');
    if (dot < 1) faults.push({ where: `--${name}`, fault: 'a flag is named section.key' });
    else builder.put(name.slice(0, dot), name.slice(dot + 1), raw, `--${name}`);
  }
  return builder.layer;
}

/**
 * The variables `KILONOVA_<SECTION>_<KEY>` as a layer. A variable that begins like one of the loaded sections but names
 * none of its keys is a fault; other sections' variables are left alone, as many services may share an environment.
 */
export function environmentLayer(
  env: Environment,
  sections: readonly Section[],
  others: readonly string[],
  faults: ConfigFault[],
): RawLayer {
  const builder = new LayerBuilder();
  const known = new Map(
    sections.flatMap((section) =>
      keysOf(section).map((key) => [envName(section.name, key), { section: section.name, key }] as const),
    ),
  );
  for (const [name, raw] of Object.entries(env)) {
    if (raw === undefined || !name.startsWith('KILONOVA_')) continue;
    const target = known.get(name);
    if (target !== undefined) builder.put(target.section, target.key, raw, name);
    else if (ownerOf(name, sections, others) !== undefined) faults.push({ where: name, fault: unknownVariable(name, sections) });
  }
  return builder.layer;
}

/** The option names of a section; a secret counts twice, as it may be given as a file. */
export const keysOf = (section: Section): string[] =>
  Object.entries(section.options).flatMap(([key, spec]) => (spec.secret ? [key, `${key}File`] : [key]));

/** `section.key` as it is called now, for a name of old. A secret may have been given as a file. */
export function newNameOf(old: string, sections: readonly Section[]): string | undefined {
  for (const { name, formerly = {}, options } of sections) {
    const key = formerly[old];
    if (key !== undefined) return `${name}.${key}`;
    const ofFile = old.endsWith('File') ? formerly[old.slice(0, -'File'.length)] : undefined;
    if (ofFile !== undefined && options[ofFile]?.secret === true) return `${name}.${ofFile}File`;
  }
  return undefined;
}

function unknownVariable(variable: string, sections: readonly Section[]): string {
  for (const { name, formerly = {} } of sections)
    for (const [old, key] of Object.entries(formerly)) {
      const [section = '', oldKey = ''] = old.split('.');
      if (envName(section, oldKey) === variable) return `is no option any more; set ${envName(name, key)}`;
    }
  return 'is no option of its section';
}

function ownerOf(name: string, sections: readonly Section[], others: readonly string[]): Section | undefined {
  const names = [...sections.map((section) => section.name), ...others].filter((section) => name.startsWith(envPrefix(section)));
  const longest = names.sort((a, b) => b.length - a.length)[0];
  return sections.find((section) => section.name === longest);
}
