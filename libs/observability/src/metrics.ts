import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Buckets for latencies, in seconds: from half a millisecond to half a minute. */
const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsOptions {
  /** Becomes the label `service` of every metric. */
  readonly service: string;
  /** Adds memory, CPU, event loop lag of the whole process. */
  readonly process?: boolean;
}

/** The metrics of one service; several services in one process keep theirs apart. */
export class Metrics {
  readonly registry = new Registry();

  constructor(options: MetricsOptions) {
    this.registry.setDefaultLabels({ service: options.service });
    if (options.process === true) collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `kilonova_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name: `kilonova_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A latency in seconds. */
  latency<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    const buckets = LATENCY_SECONDS;
    return new Histogram({
      name: `kilonova_${name}_seconds`,
      help,
      labelNames: [...labelNames],
      buckets,
      registers: [this.registry],
    });
  }

  /** The text that a scraper reads, and its content type. */
  async expose(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.registry.contentType, text: await this.registry.metrics() };
  }
}

export const createMetrics = (options: MetricsOptions): Metrics => new Metrics(options);
