import { readFileSync } from 'node:fs';
import { ConfigError, defineSection, loadConfig, option, processEnvironment } from '@kilonova/config';
import { invalid } from '@kilonova/util';

/** URLs of servers that `up` is given. All may hold passwords. */
export interface Connections {
  readonly amqp?: string;
  readonly amqpManagement?: string;
  readonly postgres?: string;
}

/** As the command line has them: a URL, `@file` that holds one, or the file by an option of its own. */
export interface ConnectionFlags extends Connections {
  readonly amqpFile?: string;
  readonly amqpManagementFile?: string;
  readonly postgresFile?: string;
}

const upSection = defineSection('up', {
  amqp: option.secretUrl({ optional: true, protocols: ['amqp', 'amqps'], help: 'The RabbitMQ of `up`.' }),
  amqpManagement: option.secretUrl({ optional: true, protocols: ['http', 'https'], help: 'Its management API.' }),
  postgres: option.secretUrl({ optional: true, protocols: ['postgres', 'postgresql'], help: 'The PostgreSQL of `up`.' }),
});

export const CONNECTIONS = ['amqp', 'amqpManagement', 'postgres'] as const;
type Name = (typeof CONNECTIONS)[number];

/** `--amqp-management` */
export const flagOf = (name: Name): string => `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;

/**
 * What the command line says, else the environment (`KILONOVA_UP_AMQP`, `KILONOVA_UP_AMQP_FILE`, …).
 * @throws AppError `invalid-input` with every fault, none of which shows a value.
 */
export function connections(flags: ConnectionFlags, env = processEnvironment()): Connections {
  const given = Object.fromEntries(CONNECTIONS.flatMap((name) => ofFlags(name, flags)));
  const spoken = new Set(Object.keys(given).map((name) => name.replace(/File$/, '')));
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !spoken.has(connectionOf(name) ?? '')));
  try {
    return loadConfig({ sections: [upSection], env: rest, flags: { up: given } }).get(upSection);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = error.faults.map(({ where, fault, origin }) => `${inUsersWords(where, origin)} ${fault}`);
    throw invalid('kilonova.up.connections', faults.join('\n'));
  }
}

function ofFlags(name: Name, flags: ConnectionFlags): ReadonlyArray<readonly [string, string]> {
  const value = flags[name];
  if (value?.startsWith('@') === true) return [[`${name}File`, value.slice(1)]];
  const file = flags[`${name}File`];
  return [
    ...(value === undefined ? [] : [[name, value] as const]),
    ...(file === undefined ? [] : [[`${name}File`, file] as const]),
  ];
}

/** The connection that a variable of the environment is about. */
const connectionOf = (variable: string): string | undefined =>
  CONNECTIONS.find((name) => new RegExp(`^KILONOVA_UP_${variableOf(name)}(_FILE)?$`).test(variable));

const variableOf = (name: Name): string => name.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();

function inUsersWords(where: string, origin: string | undefined): string {
  if (origin?.startsWith('KILONOVA_') === true) return origin;
  const name = CONNECTIONS.find((candidate) => where.startsWith(`up.${candidate}`) && where.length - candidate.length <= 7);
  if (name === undefined) return where;
  return where.endsWith('File') ? `${flagOf(name)}-file` : flagOf(name);
}

/** One URL from an option that takes `@file` too. @throws AppError `invalid-input` for a file that cannot be read. */
export function urlOrFile(flag: string, value: string): string {
  if (!value.startsWith('@')) return value;
  try {
    return readFileSync(value.slice(1), 'utf8').trim();
  } catch (cause) {
    throw invalid('kilonova.connections.file', `${flag}: ${value.slice(1)} cannot be read: ${(cause as Error).message}`);
  }
}
