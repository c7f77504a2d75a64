import 'reflect-metadata';
import { configured, loadProcessConfig, logSection } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';
import { computeApiConfig } from './compute-api.config.js';
import { startComputeApi } from './start-compute-api.js';

const options = new Command('compute-api').option('--config <file>', 'YAML file of settings').parse().opts<{ config?: string }>();
const config = configured(() => loadProcessConfig(computeApiConfig, options.config));
const logger = createLogger({ name: 'compute-api', level: config.get(logSection).level });

await runProcess(logger, () => startComputeApi(config, logger));
