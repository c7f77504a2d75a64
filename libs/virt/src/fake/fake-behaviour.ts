import type { VirtDriver } from '../virt-driver.port.js';
import { parsedObject, watchedFile } from './watched-file.js';

/** How the simulated hypervisors behave; may be changed while they run. */
export interface FakeBehaviour {
  /** Milliseconds that a spawn takes. */
  readonly spawnDelayMs: number;
  /** Milliseconds that a destroy takes. */
  readonly destroyDelayMs: number;
  /** Length of each snapshot, bytes; zeros. */
  readonly snapshotBytes: number;
  /** Hosts on which every spawn fails; `*` means all. */
  readonly brokenHosts: readonly string[];
  /** Milliseconds by method (`powerOn`, `powerOff`, …), in place of the two above where it names them; `host:method` for one host, `*` for all that are not named. */
  readonly delaysMs: Readonly<Record<string, number>>;
  /** Methods that fail: `host:method`, or `*:method` on all hosts. */
  readonly failing: readonly string[];
  /** Methods that the hypervisor does not have, written in the same way. */
  readonly unsupported: readonly string[];
}

/** Methods of the driver whose time and luck can be set. */
export type FakeMethod = Exclude<
  { [M in keyof VirtDriver]: VirtDriver[M] extends (...args: never[]) => Promise<unknown> ? M : never }[keyof VirtDriver],
  'initHost'
>;

export const DEFAULT_BEHAVIOUR: FakeBehaviour = {
  spawnDelayMs: 0,
  destroyDelayMs: 0,
  snapshotBytes: 1_048_576,
  brokenHosts: [],
  delaysMs: {},
  failing: [],
  unsupported: [],
};

/** How long a method takes on a host now. */
export function delayOf(behaviour: FakeBehaviour, host: string, method: FakeMethod): number {
  const set = behaviour.delaysMs[`${host}:${method}`] ?? behaviour.delaysMs[method];
  if (set !== undefined) return set;
  const others = behaviour.delaysMs['*'];
  if (others !== undefined) return others;
  if (method === 'spawn') return behaviour.spawnDelayMs;
  return method === 'destroy' ? behaviour.destroyDelayMs : 0;
}

const named = (methods: readonly string[], host: string, method: FakeMethod): boolean =>
  [`${host}:${method}`, `*:${method}`].some((name) => methods.includes(name));

/** Whether a host's hypervisor is set not to have a method. */
export const lacks = ({ unsupported }: FakeBehaviour, host: string, method: FakeMethod): boolean =>
  named(unsupported, host, method);

/** Whether a method is set to fail on a host. */
export const failsOn = (behaviour: FakeBehaviour, host: string, method: FakeMethod): boolean =>
  named(behaviour.failing, host, method) ||
  (method === 'spawn' && [host, '*'].some((name) => behaviour.brokenHosts.includes(name)));

/** The behaviour now. */
export type BehaviourSource = () => FakeBehaviour;

/**
 * Behaviour from configuration, overlaid with a JSON file of the same keys that is read again whenever it changes, so
 * that a running cloud can be broken and mended. A missing file counts as empty; so does a faulty one, which is told.
 */
export function behaviourFromFile(
  base: FakeBehaviour,
  path: string | undefined,
  tell: (fault: string) => void = () => undefined,
): BehaviourSource {
  if (path === undefined) return () => base;
  const overlay = watchedFile<Partial<FakeBehaviour>>(path, behaviourFaults, tell);
  let [seen, current] = [undefined as Partial<FakeBehaviour> | undefined, base];
  return () => {
    const now = overlay();
    if (now !== seen) [seen, current] = [now, { ...base, ...now }];
    return current;
  };
}

const isDelay = (value: unknown): boolean => typeof value === 'number' && value >= 0 && Number.isFinite(value);
const isDelays = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isDelay);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** What each key of such a file may hold, by the default's kind. */
const faultOf = (key: string, value: unknown): string | undefined => {
  const example = (DEFAULT_BEHAVIOUR as unknown as Readonly<Record<string, unknown>>)[key];
  if (!Object.hasOwn(DEFAULT_BEHAVIOUR, key))
    return `${key} is no option; there are ${Object.keys(DEFAULT_BEHAVIOUR).join(', ')}`;
  if (key === 'delaysMs') return isDelays(value) ? undefined : `${key} must be an object of numbers from 0`;
  if (typeof example === 'number') return isDelay(value) ? undefined : `${key} must be a number from 0`;
  return isTexts(value) ? undefined : `${key} must be a list of texts`;
};

/** What is wrong with the text of such a file; nothing when it can be used. */
export function behaviourFaults(text: string): readonly string[] {
  const parsed = parsedObject(text);
  if ('fault' in parsed) return [parsed.fault];
  return Object.entries(parsed.value).flatMap(([key, entry]) => faultOf(key, entry) ?? []);
}
