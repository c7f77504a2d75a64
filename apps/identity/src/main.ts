import 'reflect-metadata';
import { loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';
import { identitySection } from './identity.config.js';
import { startIdentity } from './start-identity.js';

const options = new Command('identity').option('--config <file>', 'YAML file of settings').parse().opts<{ config?: string }>();
const config = loadProcessConfig([identitySection], options.config).get(identitySection);
const logger = createLogger({ name: 'identity', level: config.logLevel });

await runProcess(logger, async () => {
  const running = await startIdentity(config, { logger });
  logger.info({ url: running.url }, 'the identity service listens');
  return running;
});
