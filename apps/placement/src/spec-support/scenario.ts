import { expect } from 'vitest';
import { parse } from 'yaml';
import type { CallReply, PlacementCaller } from './placement-caller.js';

/** One request of a scenario and what its answer must be. */
export interface Step {
  readonly name: string;
  /** `GET /resource_providers` */
  readonly do: string;
  /** In quotes, as YAML takes 1.10 for 1.1. */
  readonly version?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status: number;
  /** Values by path: `a.b.0.c`; `#` at the end is the number of elements or keys. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Texts that the answer holds. */
  readonly contains?: readonly string[];
  /** Header values; `/…/` is a regular expression. */
  readonly has?: Readonly<Record<string, string>>;
  /** Headers that must not be there. */
  readonly lacks?: readonly string[];
}

/** A story told over HTTP: requests in order, against a placement that starts empty. */
export interface Scenario {
  readonly title: string;
  /** `$name` stands for the value in everything that follows. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly steps: readonly Step[];
}

/** Reads a scenario file and puts the values of variables in their places. */
export function readScenario(text: string): Scenario {
  const { vars = {} } = parse(text) as Scenario;
  const names = Object.keys(vars).sort((a, b) => b.length - a.length);
  const scenario = parse(names.reduce((filled, name) => filled.replaceAll(`$${name}`, vars[name] as string), text)) as Scenario;
  const unquoted = [scenario, ...scenario.steps].filter(({ version }) => typeof version === 'number');
  if (unquoted.length > 0) throw new Error(`versions must stand in quotes: ${JSON.stringify(unquoted[0])}`);
  return scenario;
}

/** Sends one step and checks the answer. */
export async function runStep(call: PlacementCaller, scenario: Scenario, step: Step): Promise<void> {
  const [method = '', path = ''] = step.do.split(' ');
  const version = step.version === undefined ? scenario.version : step.version;
  const reply = await call.send(method, path, {
    body: step.body,
    version,
    headers: step.headers,
  });
  expect(reply.status, JSON.stringify(reply.body)).toBe(step.status);
  checkBody(reply, step);
  checkHeaders(reply, step);
}

function checkBody(reply: CallReply, step: Step): void {
  for (const [path, wanted] of Object.entries(step.json ?? {})) {
    expect(at(reply.body, path), `${path} of ${JSON.stringify(reply.body)}`).toEqual(wanted);
  }
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  for (const part of step.contains ?? []) expect(text).toContain(part);
}

function checkHeaders(reply: CallReply, step: Step): void {
  for (const [name, wanted] of Object.entries(step.has ?? {})) {
    const value = reply.headers.get(name) ?? '';
    if (/^\/.*\/$/.test(wanted)) expect(value).toMatch(new RegExp(wanted.slice(1, -1)));
    else expect(value).toBe(wanted);
  }
  for (const name of step.lacks ?? []) expect(reply.headers.has(name), `${name} is there`).toBe(false);
}

function at(body: unknown, path: string): unknown {
  let value: unknown = body;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = key === '#' ? Object.keys(value).length : (value as Record<string, unknown>)[key];
  }
  return value;
}
