import type { Metrics } from '@kilonova/observability';
import type { CandidateResult } from './model/candidates/index.js';
import type { World } from './model/world/index.js';
import type { ProviderReadModel } from './read-model/index.js';

/** What placement counts besides the latency of its routes. A class, so that it is its own token. */
export class PlacementMetrics {
  readonly claims;
  private readonly searches;
  private readonly candidates;
  private readonly searchSteps;
  private readonly providers;
  private readonly refreshedAt;

  constructor(metrics: Metrics, readModel: ProviderReadModel) {
    this.claims = metrics.counter('placement_claims_total', 'Claims and reshapes by what they came to; ok is granted', [
      'outcome',
    ]);
    this.searches = metrics.counter('placement_candidate_searches_total', 'Candidate searches by how they ended', ['outcome']);
    this.candidates = metrics.counter('placement_candidates_total', 'Allocation requests that searches returned');
    this.searchSteps = metrics.counter(
      'placement_candidate_search_steps_total',
      'Work that searches did; a step is about a microsecond',
    );
    this.providers = metrics.gauge('placement_read_model_providers', 'Providers in the read model when it was last read');
    this.refreshedAt = metrics.gauge(
      'placement_read_model_refreshed_timestamp_seconds',
      'When the read model was last brought up to date',
    );
    exposeCounters(metrics, readModel);
  }

  /** A search was answered. */
  searched(world: World, { outcome, requests, steps }: CandidateResult): void {
    this.searches.inc({ outcome });
    this.candidates.inc(requests.length);
    this.searchSteps.inc(steps);
    this.refreshed(world);
  }

  /** The read model was brought up to date for a read. */
  refreshed(world: World): void {
    this.providers.set(world.providers.count);
    this.refreshedAt.setToCurrentTime();
  }
}

/** The read model's own counters, copied when they are scraped. */
function exposeCounters(metrics: Metrics, readModel: ProviderReadModel): void {
  const events = metrics.gauge(
    'placement_read_model_events',
    'What the read model did since start: full loads, refreshes, sliced searches',
    ['event'],
  );
  Object.assign(events, {
    collect: () => {
      const { loads, refreshes, slicedSearches } = readModel.counters;
      for (const [event, value] of Object.entries({ loads, refreshes, slicedSearches })) events.set({ event }, value);
    },
  });
}
