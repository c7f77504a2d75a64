import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { ConfigError, configured, loadProcessConfig } from '@kilonova/config';
import { createLogger, runProcess } from '@kilonova/observability';
import { cellConductorSections, logSection, superConductorSections } from './config.js';
import { type ConductorRole, startConductor } from './start-conductor.js';

/** A conductor as a process of its own: `--config FILE --role super|cell`. */
const { role, config } = configured(() => {
  const { values } = parseArgs({ options: { config: { type: 'string' }, role: { type: 'string', default: 'super' } } });
  const role = roleOf(values.role);
  return { role, config: loadProcessConfig(role === 'super' ? superConductorSections : cellConductorSections, values.config) };
});
const logger = createLogger({ name: `conductor-${role}`, level: config.get(logSection).level });
await runProcess(logger, () => startConductor({ role, config, logger }));

function roleOf(given: string): ConductorRole {
  if (given === 'super' || given === 'cell') return given;
  throw new ConfigError([{ where: '--role', fault: 'must be super or cell' }]);
}
