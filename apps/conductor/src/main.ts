import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { cellConductorSections, logSection, superConductorSections } from './config.js';
import { type ConductorRole, startConductor } from './start-conductor.js';

/** A conductor as a process of its own: `--config FILE --role super|cell`. */
const { values } = parseArgs({ options: { config: { type: 'string' }, role: { type: 'string', default: 'super' } } });
if (values.role !== 'super' && values.role !== 'cell') throw new Error('--role is super or cell');
const role: ConductorRole = values.role;
const config = loadProcessConfig(role === 'super' ? superConductorSections : cellConductorSections, values.config);
const logger = createLogger({ name: `conductor-${role}`, level: config.get(logSection).level });
await runProcess(logger, () => startConductor({ role, config, logger }));
