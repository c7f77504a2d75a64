import type { Config } from './config.js';
import type { Option } from './option.js';

/** One line of `kilonova config show`. */
export interface ConfigLine {
  readonly section: string;
  readonly key: string;
  /** As text, a secret hidden; empty when not set. */
  readonly value: string;
  readonly origin: string;
  readonly help: string;
}

const HIDDEN = '***';

/** Hides user:password@ of a URL inside any text. */
const redactUrl = (text: string): string => text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, `$1${HIDDEN}@`);

/** Every option with its value and where that came from, secrets and URL credentials hidden. */
export const describeConfig = (config: Config): ConfigLine[] =>
  config.all().flatMap(({ section, values, origins }) =>
    Object.entries(section.options).map(([key, spec]) => ({
      section: section.name,
      key,
      value: shown(spec, values[key]),
      origin: origins[key] ?? 'default',
      help: spec.help,
    })),
  );

function shown(spec: Option<unknown>, value: unknown): string {
  if (value === undefined || value === '') return '';
  if (spec.secret && !spec.type.startsWith('URL')) return HIDDEN;
  return redactUrl(Array.isArray(value) ? value.join(', ') : String(value));
}
