import type { Config } from '@kilonova/config';
import type { Closeable, Logger } from '@kilonova/observability';
import type { ServiceDefinition } from './service-definition.js';
import { type ServiceStart, startService } from './start-service.js';

/**
 * Starts one of a service for each configuration, all at once, within this process.
 * @throws what the first to fail threw; those that came up are closed again.
 */
export async function startServices(
  definition: ServiceDefinition,
  configs: readonly Config[],
  logger: Logger,
  start: (definition: ServiceDefinition, how: ServiceStart) => Promise<Closeable> = startService,
): Promise<Closeable> {
  const starts = await Promise.allSettled(configs.map((config) => start(definition, { config, logger })));
  const running = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => void (await Promise.all(running.map((service) => service.close())));
  const failed = starts.find((result) => result.status === 'rejected');
  if (failed === undefined) return { close };
  await close();
  throw failed.reason;
}
