import { parseArgs } from 'node:util';
import { ConfigError, configured, loadProcessConfig } from '@kilonova/config';
import { runProcess } from '@kilonova/observability';
import type { ServiceDefinition } from './service-definition.js';
import { serviceLogger, startService } from './start-service.js';

/** Services that one program can be, by the value of `--role`; the first is what it is without. */
export type ServiceRoles = Readonly<Record<string, ServiceDefinition>>;

/**
 * Runs a service as a process of its own: `--config FILE`, and `--role` where there are several. Ends with 64 for a wrong
 * command line, 78 for a wrong configuration, both told in plain lines; see `runProcess` for the rest.
 */
export async function runService(service: ServiceDefinition | ServiceRoles): Promise<void> {
  const { definition, config } = configured(() => {
    const { values } = parseArgs({ options: { config: { type: 'string' }, ...(isOne(service) ? {} : ROLE) } });
    const definition = isOne(service) ? service : ofRole(service, (values as { role?: string }).role);
    return { definition, config: loadProcessConfig(definition.sections, values.config) };
  });
  const logger = serviceLogger(definition.name, config);
  await runProcess(logger, () => startService(definition, { config, logger }));
}

const ROLE = { role: { type: 'string' } } as const;

const isOne = (service: ServiceDefinition | ServiceRoles): service is ServiceDefinition => 'module' in service;

function ofRole(roles: ServiceRoles, given = Object.keys(roles)[0] ?? ''): ServiceDefinition {
  const definition = Object.hasOwn(roles, given) ? roles[given] : undefined;
  if (definition !== undefined) return definition;
  throw new ConfigError([{ where: '--role', fault: `must be ${Object.keys(roles).join(' or ')}` }]);
}
