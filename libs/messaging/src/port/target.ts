import type { ServiceTopic } from '@kilonova/util';

export type { ServiceTopic } from '@kilonova/util';

/** Where a message goes on one broker (one vhost): a service, or one host's agent. */
export interface Target {
  readonly topic: ServiceTopic;
  readonly host?: string;
}

/** Where a message of the topic may be sent: agents are addressed by their host. */
export type TargetOf<Topic extends ServiceTopic> = Topic extends 'compute'
  ? { readonly topic: Topic; readonly host: string }
  : { readonly topic: Topic };

/** `conductor`, `compute.host1`: the name that queues and binding keys are made of. */
export const targetName = (target: Target): string =>
  target.host === undefined ? target.topic : `${target.topic}.${target.host}`;
