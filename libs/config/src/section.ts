import type { Option } from './option.js';

export type Options = Readonly<Record<string, Option<unknown>>>;

/** The typed values of a section. */
export type SectionValues<S> =
  S extends Section<infer O> ? { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never } : never;

/** A named group of options, e.g. `http` with `port` and `host`. */
export interface Section<O extends Options = Options> {
  readonly name: string;
  readonly help?: string;
  readonly options: O;
  /** What options were called before: `section.key` of old, and the key of this section that took its place. */
  readonly formerly?: FormerNames;
}

export type FormerNames = Readonly<Record<string, string>>;

/**
 * Declares a section. Keys are camelCase; the environment knows `http.keepAliveSeconds` as
 * `KILONOVA_HTTP_KEEP_ALIVE_SECONDS`. A duration whose key doesn't end in its unit is refused here: `Seconds`, fractions
 * allowed, or `Ms` where values below a second are the rule. Names of old are refused too, and `formerly` says what to write.
 */
export function defineSection<const O extends Options>(
  name: string,
  options: O,
  help?: string,
  formerly?: FormerNames,
): Section<O> {
  for (const [key, spec] of Object.entries(options)) {
    if (spec.unit === 'by-key' && !/(Seconds|Ms)$/.test(key))
      throw new Error(`${name}.${key}: a duration's key has to end in Seconds or Ms`);
    if (!/^[a-z][A-Za-z0-9]*$/.test(key)) throw new Error(`${name}.${key}: a key is camelCase`);
  }
  for (const key of Object.values(formerly ?? {}))
    if (options[key] === undefined) throw new Error(`${name}.${key}: what took the place of another is no option`);
  return Object.freeze({ name, help, options: Object.freeze(options), formerly });
}

const snake = (camel: string): string =>
  camel
    .replace(/[A-Z]/g, (capital) => `_${capital}`)
    .replace(/[-.]/g, '_')
    .toUpperCase();

/** `KILONOVA_<SECTION>_`. */
export const envPrefix = (section: string): string => `KILONOVA_${snake(section)}_`;

/** The environment's name of an option. */
export const envName = (section: string, key: string): string => envPrefix(section) + snake(key);

/** The injection token of a section's values. */
export const sectionToken = (section: Pick<Section, 'name'>): string => `config:${section.name}`;
