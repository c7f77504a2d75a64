import { fields, type Part, type Shape } from '@kilonova/http';
import { Since } from './model/microversion.js';
import { integer } from './response-pieces.js';

/** An object with a number, or something made of numbers, for each name that a version has. */
export const byName = (
  names: (version: number) => readonly string[],
  value: Part = integer,
  more: Readonly<Record<string, Part>> = {},
): Shape => ({
  cuts: [Since.noProxies, Since.noImageMetadata, Since.quotaClassGroups, Since.noInjectedFiles],
  at: (version) => fields({ ...more, ...Object.fromEntries(names(version).map((name) => [name, value])) }).at(version),
});
