import { referredRules } from './check.js';

/** Check strings by rule name. */
export type RuleTexts = ReadonlyMap<string, string>;

/** A chain of rules that comes back to its start, e.g. `[a, b, a]`; undefined when there is none. Such rules would never be decided. */
export function findCycle(texts: RuleTexts): readonly string[] | undefined {
  const settled = new Set<string>();
  const walk = (name: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (settled.has(name)) return undefined;
    for (const next of referredRules(texts.get(name) ?? '')) {
      const cycle = walk(next, [...trail, name]);
      if (cycle !== undefined) return cycle;
    }
    settled.add(name);
    return undefined;
  };
  for (const name of texts.keys()) {
    const cycle = walk(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Rules that others refer to and nobody defines; such a reference refuses everyone. */
export const undefinedReferences = (texts: RuleTexts): readonly string[] => [
  ...new Set([...texts.values()].flatMap(referredRules).filter((name) => !texts.has(name))),
];
