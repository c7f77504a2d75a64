import { type Microversion, microversion } from '@kilonova/http';

/** The newest microversion that is spoken; `latest` means this one. */
export const MAX_VERSION = '1.39';
export const MIN_VERSION = '1.0';

/** From which microversion on a thing is there, by the thing. Spans of routes and schemas are in their own tables. */
export const Since = {
  providerAggregates: microversion('1.1'),
  repeatableClassPut: microversion('1.7'),
  providerTraits: microversion('1.6'),
  allocationsLink: microversion('1.11'),
  keyedAllocations: microversion('1.12'),
  nestedProviders: microversion('1.14'),
  cacheHeaders: microversion('1.15'),
  summaryTraits: microversion('1.17'),
  aggregateGeneration: microversion('1.19'),
  providerInAnswer: microversion('1.20'),
  forbiddenTraits: microversion('1.22'),
  repeatedMemberOf: microversion('1.24'),
  granularGroups: microversion('1.25'),
  reserveAll: microversion('1.26'),
  allClassesInSummaries: microversion('1.27'),
  consumerGeneration: microversion('1.28'),
  nestedCandidates: microversion('1.29'),
  candidatesInTree: microversion('1.31'),
  forbiddenAggregates: microversion('1.32'),
  textSuffixes: microversion('1.33'),
  mappings: microversion('1.34'),
  resourcelessGroups: microversion('1.36'),
  movingProviders: microversion('1.37'),
  consumerTypes: microversion('1.38'),
  anyOfTraits: microversion('1.39'),
} as const;

/** The second number of a version; the first is always 1. */
export const minorOf = (version: Microversion): number => version % 1000;
