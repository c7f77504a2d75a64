/** RabbitMQ 4.3 refuses queues that are neither durable nor exclusive. An unknown version counts as older. */
export function needsDurableQueues(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '0').split('.').map((part) => Number.parseInt(part, 10));
  return major > 4 || (major === 4 && minor >= 3);
}
