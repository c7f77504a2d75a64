import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { type Config, loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { placementLogConfig, placementSections } from './config.js';
import { startPlacement } from './start.js';

/** Placement as a process of its own: `--config FILE`, everything else from the file and the environment. */
const { values } = parseArgs({ options: { config: { type: 'string' } } });
let config: Config;
try {
  config = loadProcessConfig(placementSections, values.config);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
const logger = createLogger({ name: 'placement', level: config.get(placementLogConfig).level });
await runProcess(logger, () => startPlacement({ config, logger }));
