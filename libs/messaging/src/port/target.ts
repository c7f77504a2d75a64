/** The services that take messages. `compute` is addressed with a host, the others without. */
export type ServiceTopic = 'conductor' | 'scheduler' | 'compute';

/** Where a message goes on one broker (one vhost): a service, or one host's agent. */
export interface Target {
  readonly topic: ServiceTopic;
  readonly host?: string;
}

/** `conductor`, `compute.host1`: the name that queues and binding keys are made of. */
export const targetName = (target: Target): string =>
  target.host === undefined ? target.topic : `${target.topic}.${target.host}`;
