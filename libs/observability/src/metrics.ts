import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { droppedLogLines } from './log-destination.js';

/** Buckets for latencies, in seconds: from half a millisecond to half a minute. */
const LATENCY_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsOptions {
  /** Becomes the label `service` of every metric. */
  readonly service: string;
  /** Adds memory, CPU, event loop lag of the whole process. */
  readonly process?: boolean;
}

/** What a scraper gets. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** How long a text is given out again, milliseconds. */
const EXPOSE_MS = 1_000;

/** The metrics of one service; several services in one process keep theirs apart. */
export class Metrics {
  readonly registry = new Registry();
  #exposition: Promise<Exposition> | undefined;
  #exposedAt = 0;

  constructor(options: MetricsOptions) {
    this.registry.setDefaultLabels({ service: options.service });
    if (options.process !== true) return;
    collectDefaultMetrics({ register: this.registry });
    this.reading('log_lines_dropped_total', 'Log lines that could not be written', droppedLogLines);
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `kilonova_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name: `kilonova_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A gauge that is read when somebody asks for the metrics. */
  reading(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    new Gauge({ name: `kilonova_${name}`, help, registers: [this.registry], collect });
  }

  /** The same for several things of one kind; names become values of the label. */
  readings(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    const collect = function (this: Gauge): void {
      this.reset();
      for (const [of, value] of read()) this.set({ [label]: of }, value);
    };
    new Gauge({ name: `kilonova_${name}`, help, labelNames: [label], registers: [this.registry], collect });
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

  /** The text that a scraper reads, and its content type. Made once a second at most, however many ask. */
  expose(): Promise<Exposition> {
    const now = performance.now();
    if (this.#exposition === undefined || now - this.#exposedAt >= EXPOSE_MS) {
      this.#exposedAt = now;
      this.#exposition = this.registry.metrics().then((text) => ({ contentType: this.registry.contentType, text }));
    }
    return this.#exposition;
  }
}

export const createMetrics = (options: MetricsOptions): Metrics => new Metrics(options);
