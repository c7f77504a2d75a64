import { serviceRule } from './base.js';

export const allocationCandidateRules = [
  serviceRule('allocation_candidates:list', 'Search for providers that can serve a request.', 'GET /allocation_candidates'),
];
