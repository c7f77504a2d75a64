import { parseArgs } from 'node:util';
import { type Config, ConfigError, configured, loadProcessConfig } from '@kilonova/config';
import { runProcess } from '@kilonova/observability';
import type { ServiceDefinition } from './service-definition.js';
import { serviceLogger } from './start-service.js';
import { startServices } from './start-services.js';

/** Services that one program can be, by the value of `--role`; the first is what it is without. */
export type ServiceRoles = Readonly<Record<string, ServiceDefinition>>;

/**
 * Runs a service as a process of its own: `--config FILE`, and `--role` where there are several. A file more is one more of it
 * in the same process, with its own settings, logins and connections. Ends with 64 for a wrong command line, 78 for a wrong
 * configuration, both told in plain lines; see `runProcess` for the rest.
 */
export async function runService(service: ServiceDefinition | ServiceRoles): Promise<void> {
  const { definition, configs } = configured(() => {
    const { values } = parseArgs({ options: { config: { type: 'string', multiple: true }, ...(isOne(service) ? {} : ROLE) } });
    const definition = isOne(service) ? service : ofRole(service, (values as { role?: string }).role);
    const files = values.config ?? [undefined];
    const configs = files.map((file) => loadProcessConfig(definition.sections, file));
    for (const config of configs) definition.check?.(config);
    return { definition, configs };
  });
  const logger = serviceLogger(definition.name, configs[0] as Config);
  await runProcess(logger, () => startServices(definition, configs, logger));
}

const ROLE = { role: { type: 'string' } } as const;

const isOne = (service: ServiceDefinition | ServiceRoles): service is ServiceDefinition => 'module' in service;

function ofRole(roles: ServiceRoles, given = Object.keys(roles)[0] ?? ''): ServiceDefinition {
  const definition = Object.hasOwn(roles, given) ? roles[given] : undefined;
  if (definition !== undefined) return definition;
  throw new ConfigError([{ where: '--role', fault: `must be ${Object.keys(roles).join(' or ')}` }]);
}
