import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { configured, loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { agentSections, logSection } from './config.js';
import { startAgent } from './start-agent.js';

const config = configured(() => {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  return loadProcessConfig(agentSections, values.config);
});
const logger = createLogger({ name: 'compute-agent', level: config.get(logSection).level });
await runProcess(logger, () => startAgent(config, logger));
