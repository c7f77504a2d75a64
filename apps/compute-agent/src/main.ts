import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { loadConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { agentSections, logSection } from './config.js';
import { startAgent } from './start-agent.js';

const { values } = parseArgs({ options: { config: { type: 'string' } } });
const config = loadConfig({ sections: agentSections, file: values.config });
const logger = createLogger({ name: 'compute-agent', level: config.get(logSection).level });
await runProcess(logger, () => startAgent(config, logger));
