import 'reflect-metadata';
import { configured, healthSection, loadProcessConfig, logSection } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';
import { imageSection, imageSections } from './image.config.js';
import { startImage } from './start-image.js';

const options = new Command('image').option('--config <file>', 'YAML file of settings').parse().opts<{ config?: string }>();
const config = configured(() => loadProcessConfig(imageSections, options.config));
const image = config.get(imageSection);
const logger = createLogger({ name: 'image', level: config.get(logSection).level });

await runProcess(logger, async () => {
  const running = await startImage(
    { image, keystone: config.get(keystoneSection) },
    { logger, healthEndpoint: config.get(healthSection) },
  );
  logger.info({ url: running.url }, 'the image service listens');
  return running;
});
