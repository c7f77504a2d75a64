// Candidate search: which combinations of providers can serve a request for resources, traits and aggregates. Pure
// functions over a World. The way of a search: compile the query, walk the anchors (roots of trees) that meet its rarest
// condition, find the providers that fit each part under the anchor, and backtrack over the combinations until enough.
export { countCapacity } from './count-capacity.js';
export { filterProviders, type ProviderFilters } from './filter-providers.js';
export { parseCandidateQuery, parseProviderFilters } from './parse.js';
export * from './query.js';
export type { QueryFault, QueryParams, QueryResult } from './query-result.js';
export { searchCandidates, searchSteps } from './search-candidates.js';
