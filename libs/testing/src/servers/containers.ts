import { connect, type NetConnectOpts } from 'node:net';
import type { TestEnvironment } from '../environment.js';
import type { ServerSource } from './server.js';

const USER = 'kilonova';
const PASSWORD = 'kilonova';

const addressOf = (socket: string): NetConnectOpts => {
  if (socket.startsWith('unix://')) return { path: socket.slice('unix://'.length) };
  const { hostname, port } = new URL(socket);
  return { host: hostname, port: Number(port || 2375) };
};

/** True when something listens where the container engine should: a machine without one must not wait for testcontainers. */
const engineAnswers = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect({ ...addressOf(socket), timeout: 1_000 });
    const settle = (answer: boolean): void => {
      probe.destroy();
      resolve(answer);
    };
    probe
      .once('connect', () => settle(true))
      .once('error', () => settle(false))
      .once('timeout', () => settle(false));
  });

/** Servers in containers, where a container engine answers. */
export const containerServers = (environment: TestEnvironment): ServerSource => ({
  async postgres() {
    if (!(await engineAnswers(environment.containerSocket))) return undefined;
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(environment.postgresImage)
      .withEnvironment({ POSTGRES_USER: USER, POSTGRES_PASSWORD: PASSWORD })
      .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300'])
      .withExposedPorts(5432)
      // The image starts the server twice: once to initialize, once for good.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
      .start();
    const url = `postgres://${USER}:${PASSWORD}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
    return { url, from: `container ${environment.postgresImage}`, stop: async () => void (await container.stop()) };
  },
  async rabbitmq() {
    if (!(await engineAnswers(environment.containerSocket))) return undefined;
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(environment.rabbitmqImage)
      .withEnvironment({ RABBITMQ_DEFAULT_USER: USER, RABBITMQ_DEFAULT_PASS: PASSWORD })
      .withExposedPorts(5672, 15672)
      .withWaitStrategy(Wait.forLogMessage(/Server startup complete/))
      .start();
    const at = (port: number): string => `${USER}:${PASSWORD}@${container.getHost()}:${container.getMappedPort(port)}`;
    return {
      url: `amqp://${at(5672)}/%2F`,
      managementUrl: `http://${at(15672)}`,
      from: `container ${environment.rabbitmqImage}`,
      stop: async () => void (await container.stop()),
    };
  },
});
