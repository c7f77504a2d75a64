import type { Instance } from '@kilonova/compute-objects';
import type { Volume } from '@kilonova/volume-client';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Answer, ServerCloud } from './server-cloud.js';

/** One request of a scenario and what its answer must be; or what the conductor does in between. */
export interface Step {
  readonly name: string;
  /** `GET /servers/$id` */
  readonly do?: string;
  /** Puts a server on a host of cell1, running. */
  readonly place?: string;
  /** Puts a server into cell0, where it waits for room. */
  readonly bury?: string;
  /** The host of this server can give it another flavor while it runs. */
  readonly able?: string;
  /** Makes a volume of project p, as a user of the volume service does; `save` reads it. */
  readonly volume?: Partial<Volume>;
  /** Makes a network of project p; `prefix` of its addresses, e.g. `10.0.0`. */
  readonly network?: { readonly name: string; readonly prefix?: string };
  /** What the agent was doing with this server has ended, … */
  readonly settle?: string;
  /** … and left it in this vm_state. */
  readonly in?: Instance['vm_state'];
  /** `user:project` */
  readonly as?: string;
  readonly roles?: string;
  /** In quotes, as YAML takes 2.10 for 2.1. */
  readonly version?: string;
  readonly body?: unknown;
  readonly status?: number;
  /** Values by path: `a.b.0.c`; `#` at the end is the number of elements or keys; `/…/` is a pattern. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Paths that must not be there. */
  readonly lacks?: readonly string[];
  readonly has?: Readonly<Record<string, string>>;
  /** variable → path in the answer */
  readonly save?: Readonly<Record<string, string>>;
}

/** A story told over HTTP: requests in order, against a cloud without servers. */
export interface Scenario {
  readonly title: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly steps: readonly Step[];
}

export const readScenario = (text: string): Scenario => parse(text) as Scenario;

/** Runs a scenario's steps; values that one saves are there for those after it. */
export class ScenarioRun {
  readonly #vars: Map<string, string>;

  constructor(
    private readonly cloud: ServerCloud,
    private readonly scenario: Scenario,
  ) {
    this.#vars = new Map(Object.entries(scenario.vars ?? {}));
  }

  async step(raw: Step): Promise<void> {
    const step = this.#filled(raw) as Step;
    if (step.place !== undefined) {
      const fields = {
        vm_state: 'active',
        launched_at: '2026-01-31T10:00:00Z',
        task_state: null,
        power_state: 1,
        host: 'host1',
        node: 'host1',
        availability_zone: 'nova',
      } as const;
      return this.cloud.place(step.place, fields);
    }
    if (step.bury !== undefined) return this.cloud.pending(step.bury);
    if (step.able !== undefined) return this.cloud.able(step.able);
    if (step.volume !== undefined) return this.#save(step, this.cloud.volumes.add('p', step.volume));
    if (step.network !== undefined)
      return this.#save(step, this.cloud.networks.addNetwork(step.network.name, 'p', step.network.prefix));
    if (step.settle !== undefined) return this.cloud.settled(step.settle, step.in ?? 'active');
    const [method = 'GET', path = ''] = (step.do ?? '').split(' ');
    const call = { body: step.body, at: step.version ?? this.scenario.version ?? '2.96', as: step.as, roles: step.roles };
    const answer = await this.cloud.call(method as 'GET', path, call);
    expect(answer.status, JSON.stringify(answer.body)).toBe(step.status);
    this.#check(answer, step);
    this.#save(step, answer.body);
  }

  #save({ save = {} }: Step, from: unknown): void {
    for (const [name, where] of Object.entries(save)) this.#vars.set(name, String(at(from, where)));
  }

  #check(answer: Answer, step: Step): void {
    for (const [path, wanted] of Object.entries(step.json ?? {})) {
      const found = at(answer.body, path);
      const pattern = typeof wanted === 'string' ? /^\/(.*)\/$/.exec(wanted)?.[1] : undefined;
      if (pattern !== undefined) expect(found, path).toMatch(new RegExp(pattern));
      else expect(found, `${path} of ${JSON.stringify(answer.body)}`).toEqual(wanted);
    }
    for (const path of step.lacks ?? []) expect(at(answer.body, path), `${path} is there`).toBeUndefined();
    for (const [name, wanted] of Object.entries(step.has ?? {}))
      expect(answer.headers.get(name) ?? '').toMatch(new RegExp(wanted));
  }

  /** `$name` stands for a variable's value, anywhere. */
  #filled(value: unknown): unknown {
    const names = [...this.#vars.keys()].sort((a, b) => b.length - a.length);
    const text = names.reduce(
      (filled, name) => filled.replaceAll(`$${name}`, this.#vars.get(name) as string),
      JSON.stringify(value),
    );
    return JSON.parse(text);
  }
}

function at(body: unknown, path: string): unknown {
  let value: unknown = body;
  for (const key of path.split('.').map((part) => part.replaceAll('~', '.'))) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = key === '#' ? Object.keys(value).length : (value as Record<string, unknown>)[key];
  }
  return value;
}
