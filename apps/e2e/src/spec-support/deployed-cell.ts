import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRabbitmq, startRabbitmq } from '@kilonova/local-servers';
import {
  agentRights,
  agentUser,
  type BusEvent,
  CONTROLLER_USER,
  conductorUser,
  controlPlaneOf,
  controlPlaneRights,
  preparedHost,
  preparedService,
  preparedTopology,
} from '@kilonova/messaging';
import { ServedRole } from './served-role.js';
import { SERVICE_ROLES } from './service-roles.js';

export const CELL = 'cell1';
export const HOSTS = ['h1', 'h2'] as const;
/** An agent whose rights are those of the control plane: what it is refused, receivers refuse. */
export const INSIDER = agentUser('h3');
const API_VHOST = 'api';
const CONDUCTOR_USER = conductorUser(CELL);

/** A queue of the cell that somebody serves, and what is known of its server. */
export interface Served {
  readonly queue: string;
  readonly role: ServedRole;
  readonly events: BusEvent[];
  readonly lines: unknown[];
}

const roleOf = (topic: string) => {
  const role = SERVICE_ROLES.find((one) => one.level === 'cell' && one.topic === topic);
  if (role === undefined) throw new Error(`no role of a cell has the topic ${topic}`);
  return role;
};

/**
 * A RabbitMQ of its own with the users and rights that a deployment gives a cell, on which the real handlers of the cell's
 * conductor and of two agents are served by real users.
 */
export class DeployedCell {
  readonly served: Served[] = [];
  #broker: LocalRabbitmq | undefined;
  #baseDir = '';

  async start(): Promise<void> {
    this.#baseDir = await mkdtemp(join(tmpdir(), 'kilonova-cell-'));
    this.#broker = await startRabbitmq({ baseDir: this.#baseDir });
    const { management } = this.#broker;
    for (const vhost of [API_VHOST, CELL]) await management.addVhost(vhost);
    for (const user of [CONTROLLER_USER, CONDUCTOR_USER, INSIDER, ...HOSTS.map(agentUser)]) await management.addUser(user, 'pw');
    await management.setPermissions(API_VHOST, CONTROLLER_USER, controlPlaneRights());
    for (const user of [CONTROLLER_USER, CONDUCTOR_USER, INSIDER])
      await management.setPermissions(CELL, user, controlPlaneRights());
    for (const host of HOSTS) await management.setPermissions(CELL, agentUser(host), agentRights(CELL, host));
    for (const topic of ['compute', 'conductor'] as const) {
      await management.loadDefinitions(preparedTopology(CELL, CELL, topic));
    }
    await management.loadDefinitions(preparedService(CELL, CELL, 'conductor'));
    for (const host of HOSTS) await management.loadDefinitions(preparedHost(CELL, CELL, host));
    await this.#serve(`${CELL}.conductor`, CONDUCTOR_USER, 'conductor');
    for (const host of HOSTS) await this.#serve(`${CELL}.compute.${host}`, agentUser(host), 'compute', host);
  }

  async close(): Promise<void> {
    for (const { role } of this.served) await role.close();
    await this.#broker?.stop();
    await rm(this.#baseDir, { recursive: true, force: true });
  }

  url(user: string, vhost = CELL): string {
    return `amqp://${user}:pw@127.0.0.1:${this.#broker?.port}/${vhost}`;
  }

  /** Forgets what happened so far. */
  clear(): void {
    for (const { role, events, lines } of this.served) for (const list of [role.touched, events, lines]) list.splice(0);
  }

  /** What handlers did, anywhere. */
  touched(): readonly string[] {
    return this.served.flatMap(({ role }) => role.touched);
  }

  async #serve(queue: string, user: string, topic: string, host?: string): Promise<void> {
    const [events, lines]: [BusEvent[], unknown[]] = [[], []];
    const note = (fields: unknown): void => void lines.push(fields);
    const role = new ServedRole(roleOf(topic), {
      url: this.url(user),
      cell: CELL,
      ...(host === undefined ? { agents: true } : { hosts: [host], topology: 'prepared' as const }),
      controlPlaneUsers: controlPlaneOf([], CELL),
      log: { info: () => undefined, warn: note, error: note },
      observe: (event) => void events.push(event),
    });
    await role.start();
    this.served.push({ queue, role, events, lines });
  }
}
