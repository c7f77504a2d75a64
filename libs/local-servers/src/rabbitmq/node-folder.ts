import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The ports of one RabbitMQ node, all on loopback. */
export interface NodePorts {
  readonly port: number;
  readonly distPort: number;
  readonly epmdPort: number;
  readonly managementPort: number;
}

export const USER = 'kilonova';

/** A secret kept in a file of its own, made once. */
async function secretIn(file: string, mode: number): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const secret = randomBytes(24).toString('hex');
  await writeFile(file, secret, { mode });
  return secret;
}

/** Statistics stay off: the API is there to provision, and its collector costs more than an idle broker. */
const configuration = (ports: NodePorts, password: string): string => `listeners.tcp.1 = 127.0.0.1:${ports.port}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${ports.managementPort}
management.disable_stats = true
default_user = ${USER}
default_pass = ${password}
default_user_tags.administrator = true
loopback_users = none
log.console = false
log.file.level = info
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 50MB
`;

/** Writes what a node needs to start in `baseDir` and returns the password of its user. */
export async function prepareFolder(baseDir: string, ports: NodePorts): Promise<string> {
  await mkdir(baseDir, { recursive: true, mode: 0o700 });
  const password = await secretIn(join(baseDir, 'password'), 0o600);
  await secretIn(join(baseDir, '.erlang.cookie'), 0o400);
  await writeFile(join(baseDir, 'rabbitmq.conf'), configuration(ports, password), { mode: 0o600 });
  await writeFile(join(baseDir, 'enabled_plugins'), '[rabbitmq_management].\n');
  return password;
}

/** The environment that keeps a node, whoever runs it, inside its folder and off every public port. */
export const nodeEnvironment = (baseDir: string, binDir: string, ports: NodePorts): NodeJS.ProcessEnv => ({
  PATH: `${binDir}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  LANG: 'C.UTF-8',
  HOME: baseDir,
  RABBITMQ_NODENAME: 'kilonova@localhost',
  RABBITMQ_DIST_PORT: String(ports.distPort),
  ERL_EPMD_PORT: String(ports.epmdPort),
  ERL_EPMD_ADDRESS: '127.0.0.1',
  RABBITMQ_BASE: baseDir,
  RABBITMQ_MNESIA_BASE: join(baseDir, 'mnesia'),
  RABBITMQ_LOG_BASE: join(baseDir, 'log'),
  RABBITMQ_CONFIG_FILE: join(baseDir, 'rabbitmq.conf'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(baseDir, 'enabled_plugins'),
  RABBITMQ_CONF_ENV_FILE: '/dev/null',
  RABBITMQ_PID_FILE: join(baseDir, 'rabbitmq.pid'),
  // The script then replaces itself by the broker, so that the process started is the broker.
  RUNNING_UNDER_SYSTEMD: 'true',
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} -kilonova ${baseDir}`,
});
