import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configured, loadProcessConfig, logSection } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { placementSections } from './config.js';
import { startPlacement } from './start.js';

/** Placement as a process of its own: `--config FILE`, everything else from the file and the environment. */
const config = configured(() => {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  return loadProcessConfig(placementSections, values.config);
});
const logger = createLogger({ name: 'placement', level: config.get(logSection).level });
await runProcess(logger, () => startPlacement({ config, logger }));
