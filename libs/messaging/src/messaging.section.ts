import { defineSection, option } from '@kilonova/config';

/** How a process reaches its broker: the beginning of every section `messaging`. */
const connection = {
  url: option.secretUrl({
    help: "The broker: the API level's, or in a cell the cell's. amqp://user:password@host:port/vhost, or memory://name within one process.",
  }),
  queueType: option.choice(['quorum', 'classic'], {
    default: 'quorum',
    help: 'How cast queues are kept; must be the same in all services of a broker.',
  }),
};

const controlPlaneUsers = option.list({
  default: [],
  help: 'The broker users whose orders are taken; empty: controller, and in a cell conductor.<cell>. No meaning on memory://.',
});

const callTimeoutSeconds = (seconds: number) =>
  option.duration({ default: seconds, min: 0.1, help: 'How long a call of another service may take.' });

/** Of a process that sends and serves nothing. */
export const clientMessagingSection = defineSection('messaging', { ...connection, callTimeoutSeconds: callTimeoutSeconds(10) });

/** Of a process that serves what the control plane sends. */
export const servingMessagingSection = defineSection('messaging', { ...connection, controlPlaneUsers });

/** Of an agent, whom its broker trusts least. */
export const agentMessagingSection = defineSection('messaging', {
  ...connection,
  topology: option.choice(['declare', 'prepared'], {
    default: 'declare',
    help: "prepared: the broker's operator made the queues of this host, which its user may not declare.",
  }),
  controlPlaneUsers,
  callTimeoutSeconds: callTimeoutSeconds(30),
});
