import type { ServiceTopic } from './target.js';

/** What a serving process listens to on one broker. */
export interface BusServerOptions {
  /** `amqp://user:password@host:port/vhost` or `memory://<name>`. */
  readonly url: string;
  readonly cell: string;
  readonly topic: ServiceTopic;
  /** An agent's hosts; each has its own queue. Empty for conductor and scheduler. */
  readonly hosts?: readonly string[];
  /** How many casts one queue may have under way in this process. */
  readonly prefetch: number;
}
