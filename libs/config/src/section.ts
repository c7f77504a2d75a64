import type { Option } from './option.js';

export type Options = Readonly<Record<string, Option<unknown>>>;

/** Settings that belong together, under one name in the file. */
export interface Section<O extends Options = Options> {
  readonly name: string;
  readonly options: O;
}

/** The values of a section, frozen. */
export type SectionValues<S extends Section> = {
  readonly [K in keyof S['options']]: S['options'][K] extends Option<infer T> ? T : never;
};

/** @param name the key in the file; in the environment `KILONOVA_<NAME>_<KEY>` in capitals with underscores. */
export const defineSection = <O extends Options>(name: string, options: O): Section<O> => ({ name, options });
