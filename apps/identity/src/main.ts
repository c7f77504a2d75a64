import 'reflect-metadata';
import { configured, healthSection, loadProcessConfig, logSection } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';
import { identitySection, identitySections } from './identity.config.js';
import { startIdentity } from './start-identity.js';

const options = new Command('identity').option('--config <file>', 'YAML file of settings').parse().opts<{ config?: string }>();
const config = configured(() => loadProcessConfig(identitySections, options.config));
const identity = config.get(identitySection);
const logger = createLogger({ name: 'identity', level: config.get(logSection).level });

await runProcess(logger, async () => {
  const running = await startIdentity(identity, { logger, healthEndpoint: config.get(healthSection) });
  logger.info({ url: running.url }, 'the identity service listens');
  return running;
});
