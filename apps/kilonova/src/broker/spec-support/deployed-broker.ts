import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRabbitmq, startRabbitmq } from '@kilonova/local-servers';
import { agentUser, type BrokerPermissions, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import { afterAll, beforeAll } from 'vitest';
import { brokerDefinitions } from '../broker-definitions.js';
import { vhostOf } from '../broker-names.js';

export const CELL = 'cell1';
export const HOSTS = ['cell1-host1', 'cell1-host2'] as const;
/** Everybody who may enter the cell's virtual host. */
export const USERS = [CONTROLLER_USER, conductorUser(CELL), ...HOSTS.map(agentUser)];

export interface DeployedBroker {
  readonly url: (user: string) => string;
  /** Sets what a user may do in the cell's virtual host. */
  readonly permit: (user: string, rights: BrokerPermissions) => Promise<void>;
  /** Loads the definitions, as each start does. */
  readonly deploy: () => Promise<void>;
  /** What the broker wrote since the file began. */
  readonly log: () => Promise<string>;
}

/** A RabbitMQ of this file's own with the definitions of a cloud of one cell and two agents. */
export function useDeployedBroker(): DeployedBroker {
  let broker: LocalRabbitmq | undefined;
  let baseDir = '';
  const running = (): LocalRabbitmq => {
    if (broker === undefined) throw new Error('the broker is there inside hooks and tests only');
    return broker;
  };
  const cells = [{ name: CELL, agents: HOSTS.map((host) => [host]), database: '', broker: '' }];
  const deploy = () => running().management.loadDefinitions(brokerDefinitions({ cells }, (name) => name));
  beforeAll(async () => {
    baseDir = await mkdtemp(join(tmpdir(), 'kilonova-deployed-'));
    broker = await startRabbitmq({ baseDir });
    await deploy();
  });
  afterAll(async () => {
    await broker?.stop();
    await rm(baseDir, { recursive: true, force: true });
  });
  return {
    url: (user) => {
      const login = `${encodeURIComponent(user)}:${encodeURIComponent(`rabbitmq-${user}`)}`;
      return `amqp://${login}@127.0.0.1:${running().port}/${vhostOf(CELL)}`;
    },
    permit: (user, rights) => running().management.setPermissions(vhostOf(CELL), user, rights),
    deploy,
    log: () => readFile(join(baseDir, 'log', 'kilonova@localhost.log'), 'utf8'),
  };
}
