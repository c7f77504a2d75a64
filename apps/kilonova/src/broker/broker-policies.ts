/** Events that nobody reads don't fill the disk: a day of them, and the newest 100,000 or 256 MiB of each kind. */
const NOTIFICATION_POLICY = {
  name: 'bounded-notifications',
  pattern: '^(versioned_)?notifications\\.',
  'apply-to': 'queues',
  definition: { 'max-length': 100_000, 'max-length-bytes': 268_435_456, 'message-ttl': 86_400_000 },
  priority: 1,
};

/**
 * Whoever may send to a queue of messages, dead letters or responses fills so much of the broker and no more; then its
 * publishers are refused. A policy, as arguments of queues that exist cannot be changed.
 */
const MESSAGE_POLICY = {
  name: 'bounded-messages',
  pattern: '\\.(conductor|scheduler|compute|dead|reply)(\\.|$)',
  'apply-to': 'queues',
  definition: { 'max-length-bytes': 268_435_456 },
  priority: 1,
};

export const BROKER_POLICIES = [NOTIFICATION_POLICY, MESSAGE_POLICY];

/** What every broker of ours is told in its configuration: no message is larger than 16 MiB, whoever sends it. */
export const BROKER_LIMITS = 'max_message_size = 16777216\n';
