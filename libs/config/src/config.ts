import { type Section, type SectionValues, sectionToken } from './section.js';

/** Where a value came from: `default`, `defaults of the caller`, `file x.yaml`, `KILONOVA_HTTP_PORT`, `--http.port`. */
export type Origin = string;

export interface ResolvedSection {
  readonly section: Section;
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** The loaded configuration: frozen, asked by section. */
export class Config {
  constructor(private readonly resolved: ReadonlyMap<string, ResolvedSection>) {}

  /** The values of a section. Asking for one that was not loaded is a bug of the caller. */
  get<S extends Section>(section: S): SectionValues<S> {
    return this.#of(section).values as SectionValues<S>;
  }

  /** Where the value of `key` came from. */
  origin<S extends Section>(section: S, key: keyof S['options'] & string): Origin {
    return this.#of(section).origins[key] ?? 'default';
  }

  all(): readonly ResolvedSection[] {
    return [...this.resolved.values()];
  }

  #of(section: Section): ResolvedSection {
    const found = this.resolved.get(section.name);
    if (found === undefined) throw new Error(`the section ${section.name} was not loaded`);
    return found;
  }
}

/** A Nest provider of a section's values: `@Inject(sectionToken(httpSection)) http: SectionValues<typeof httpSection>`. */
export const provideSection = <S extends Section>(
  config: Config,
  section: S,
): { provide: string; useValue: SectionValues<S> } => ({
  provide: sectionToken(section),
  useValue: config.get(section),
});
