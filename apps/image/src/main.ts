import 'reflect-metadata';
import { loadProcessConfig } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';
import { imageSection } from './image.config.js';
import { startImage } from './start-image.js';

const options = new Command('image').option('--config <file>', 'YAML file of settings').parse().opts<{ config?: string }>();
const config = loadProcessConfig([imageSection, keystoneSection], options.config);
const image = config.get(imageSection);
const logger = createLogger({ name: 'image', level: image.logLevel });

await runProcess(logger, async () => {
  const running = await startImage({ image, keystone: config.get(keystoneSection) }, { logger });
  logger.info({ url: running.url }, 'the image service listens');
  return running;
});
