import type { HostState } from '../host-state.js';

/** A metadata value as a list: aggregates hold several, separated by commas. */
export const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** What the aggregates of a host say of a key. */
export const aggregateValues = (host: HostState, key: string): readonly string[] =>
  host.aggregates.flatMap((aggregate) => listed(aggregate.metadata[key] ?? ''));

/** The least number that a host's aggregates give for a key; `otherwise` where none does. */
export function leastOfAggregates(host: HostState, key: string, otherwise: number): number {
  const numbers = aggregateValues(host, key).map(Number).filter(Number.isFinite);
  return numbers.length === 0 ? otherwise : Math.min(...numbers);
}
