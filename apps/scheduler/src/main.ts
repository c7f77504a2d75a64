import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configured, loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { logSection, schedulerSections } from './config.js';
import { startScheduler } from './start-scheduler.js';

const config = configured(() => {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  return loadProcessConfig(schedulerSections, values.config);
});
const logger = createLogger({ name: 'scheduler', level: config.get(logSection).level });
await runProcess(logger, () => startScheduler(config, logger));
