import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { AppError } from '@kilonova/util';
import { command } from '../command.js';
import { freePorts } from '../free-port.js';
import { endLeftover } from '../leftover.js';
import type { LocalServer } from '../local-server.js';
import { Program } from '../program.js';
import { findRabbitmq, type RabbitmqInstallation } from './installation.js';
import { ManagementApi } from './management-api.js';
import { type NodePorts, nodeEnvironment, prepareFolder, USER } from './node-folder.js';

export interface RabbitmqOptions extends Partial<NodePorts> {
  /** Holds the node's data, log, password, cookie and configuration. Made when missing; what is there is used again. */
  readonly baseDir: string;
  readonly installation?: RabbitmqInstallation;
  /** Default 90 s; a start takes about 4 s. */
  readonly readyWithinMs?: number;
}

/** `url` names the administrator and the virtual host `/`. */
export interface LocalRabbitmq extends LocalServer {
  readonly managementUrl: string;
  /** Virtual hosts, users and permissions. */
  readonly management: ManagementApi;
  /** Makes a virtual host (or finds it) and returns its URL for the administrator. */
  addVhost(name: string): Promise<string>;
  /** Makes a user, or sets its password, with all rights in a virtual host; returns its URL there. */
  addUser(name: string, password: string, vhost: string): Promise<string>;
  /** Runs `rabbitmqctl` on this node, which takes a second or two, and returns what it wrote. */
  ctl(...args: readonly string[]): Promise<string>;
}

/**
 * Starts a RabbitMQ node with a port mapper of its own, on loopback, and waits until it takes connections.
 * Throws `dependency`: not installed, or not ready in time.
 */
export async function startRabbitmq(options: RabbitmqOptions): Promise<LocalRabbitmq> {
  const installation = options.installation ?? (await findRabbitmq());
  if (installation === undefined) throw notInstalled();
  const baseDir = resolve(options.baseDir);
  const [port = 0, distPort = 0, epmdPort = 0, managementPort = 0] = await freePorts(4);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const ports: NodePorts = { port, distPort, epmdPort, managementPort, ...given };
  const password = await prepareFolder(baseDir, ports);
  const server = new RabbitmqServer(baseDir, installation, ports, password, options.readyWithinMs ?? 90_000);
  await server.start();
  return server;
}

class RabbitmqServer implements LocalRabbitmq {
  readonly management: ManagementApi;
  #epmd: Program | undefined;
  #node: Program | undefined;

  constructor(
    private readonly baseDir: string,
    private readonly installation: RabbitmqInstallation,
    private readonly ports: NodePorts,
    private readonly password: string,
    private readonly readyWithinMs: number,
  ) {
    this.management = new ManagementApi(this.managementUrl);
  }

  get port(): number {
    return this.ports.port;
  }

  get url(): string {
    return this.#urlOf(USER, this.password, '/');
  }

  get managementUrl(): string {
    return `http://${USER}:${this.password}@127.0.0.1:${this.ports.managementPort}`;
  }

  get logFile(): string {
    return join(this.baseDir, 'rabbitmq.log');
  }

  get pid(): number {
    return this.#started().pid;
  }

  get exited(): LocalServer['exited'] {
    return this.#started().exited;
  }

  async addVhost(name: string): Promise<string> {
    await this.management.addVhost(name);
    return this.#urlOf(USER, this.password, name);
  }

  async addUser(name: string, password: string, vhost: string): Promise<string> {
    await this.management.addUser(name, password);
    await this.management.setPermissions(vhost, name);
    return this.#urlOf(name, password, vhost);
  }

  ctl(...args: readonly string[]): Promise<string> {
    const { binDir } = this.installation;
    return command(join(binDir, 'rabbitmqctl'), args, { env: nodeEnvironment(this.baseDir, binDir, this.ports) });
  }

  async start(): Promise<void> {
    await endLeftover(join(this.baseDir, 'rabbitmq.pid'), `-kilonova ${this.baseDir}`, 'SIGTERM', 30_000);
    await this.#startEpmd();
    this.#node = await this.#program(join(this.installation.binDir, 'rabbitmq-server'), []);
    try {
      await this.#node.ready(() => this.management.ready(), this.readyWithinMs);
    } catch (error) {
      await this.#epmd?.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#node?.stop();
    await this.#epmd?.stop();
  }

  /** Kills the broker; the port mapper, which keeps nothing, goes too. */
  async kill(): Promise<void> {
    await this.#node?.kill();
    await this.#epmd?.kill();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #startEpmd(): Promise<void> {
    const { epmdPort } = this.ports;
    const pidFile = join(this.baseDir, 'epmd.pid');
    await endLeftover(pidFile, '-address 127.0.0.1 -port', 'SIGTERM', 5_000);
    const epmd = await this.#program(this.installation.epmd, ['-address', '127.0.0.1', '-port', String(epmdPort)]);
    this.#epmd = epmd;
    await writeFile(pidFile, String(epmd.pid));
    await epmd.ready(() => listens(epmdPort), 10_000);
  }

  #program(command: string, args: readonly string[]): Promise<Program> {
    const env = nodeEnvironment(this.baseDir, this.installation.binDir, this.ports);
    return Program.start({
      command,
      args,
      env,
      cwd: this.baseDir,
      logFile: this.logFile,
      stopSignal: 'SIGTERM',
      stopGraceMs: 30_000,
    });
  }

  #urlOf(user: string, password: string, vhost: string): string {
    return `amqp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${encodeURIComponent(vhost)}`;
  }

  #started(): Program {
    if (this.#node === undefined) throw new TypeError('the server was never started');
    return this.#node;
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });

const notInstalled = (): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'local_server.rabbitmq.missing',
    message: 'RabbitMQ was not found: install the package rabbitmq-server.',
  });
