import type { ProviderReport } from '@kilonova/virt';

/** What this agent gave to one provider. */
export interface WrittenProvider {
  readonly classes: readonly string[];
  readonly traits: readonly string[];
  /** Aggregates that it put the provider into; left out: none. */
  readonly aggregates?: readonly string[];
  /** Which of the classes and traits are of the operator's files: the driver does not see them. Left out: none. */
  readonly added?: readonly string[];
  /** The provider is somebody else's, and stays when nothing of ours is on it. */
  readonly isForeign?: true;
}

/** What this agent wrote of a node's tree, by provider name. */
export type WrittenTree = Readonly<Record<string, WrittenProvider>>;

/**
 * What a report will have written, once it is in placement.
 * @param added provider → classes and traits of the operator's files
 */
export const writtenBy = (
  reports: readonly ProviderReport[],
  added: Readonly<Record<string, readonly string[]>> = {},
): WrittenTree =>
  Object.fromEntries(
    reports.map(({ name, inventories, traits, aggregates = [] }) => [
      name,
      {
        classes: Object.keys(inventories),
        traits,
        ...whereAny('aggregates', aggregates),
        ...whereAny('added', added[name] ?? []),
      },
    ]),
  );

/** All that either of the two names. */
export function bothWritten(a: WrittenTree, b: WrittenTree): WrittenTree {
  const union = (name: string, what: 'classes' | 'traits' | 'aggregates' | 'added'): string[] => [
    ...new Set([...(a[name]?.[what] ?? []), ...(b[name]?.[what] ?? [])]),
  ];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const isForeign = [a[name], b[name]].every((one) => one === undefined || one.isForeign === true);
      const lists = { ...whereAny('aggregates', union(name, 'aggregates')), ...whereAny('added', union(name, 'added')) };
      const provider = { classes: union(name, 'classes'), traits: union(name, 'traits'), ...lists };
      return [name, isForeign ? { ...provider, isForeign } : provider];
    }),
  );
}

const whereAny = <K extends string>(key: K, names: readonly string[]): Partial<Record<K, readonly string[]>> =>
  names.length === 0 ? {} : ({ [key]: names } as Record<K, readonly string[]>);
