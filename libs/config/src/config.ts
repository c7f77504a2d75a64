import type { Option } from './option.js';
import type { Section, SectionValues } from './section.js';

export type Origin = 'default' | 'file' | 'environment' | 'flag';

export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly option: Option<unknown>;
  readonly value: unknown;
  readonly origin: Origin;
}

/** A setting as it may be shown. */
export interface DescribedSetting {
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
  readonly type: string;
  readonly help: string;
}

/** The settings of a process, read once and never changed. */
export class Config {
  constructor(private readonly settings: readonly Setting[]) {}

  /** The values of one of the sections that the configuration was loaded with. */
  get<S extends Section>(section: S): SectionValues<S> {
    const own = this.settings.filter((setting) => setting.section === section.name);
    return Object.freeze(Object.fromEntries(own.map((setting) => [setting.key, setting.value]))) as SectionValues<S>;
  }

  /** Every setting with its value and where that came from; secrets are covered. */
  describe(): readonly DescribedSetting[] {
    return this.settings.map((setting) => ({
      name: `${setting.section}.${setting.key}`,
      value: setting.option.secret ? covered(setting.value) : String(setting.value),
      origin: setting.origin,
      type: setting.option.type,
      help: setting.option.help,
    }));
  }
}

/** A URL keeps all but its password; any other secret shows only whether it is set. */
function covered(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  if (!URL.canParse(value)) return '***';
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  return url.href;
}
