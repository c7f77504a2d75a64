import { readFileSync } from 'node:fs';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8'));

/** All standard traits. */
export const standardTraits = (): readonly string[] => (read('traits.json') as { traits: readonly string[] }).traits;

/** The standard resource classes; the place in the list is the id, so names are only ever added at the end. */
export const standardResourceClasses = (): readonly string[] =>
  (read('resource-classes.json') as { resource_classes: readonly string[] }).resource_classes;
