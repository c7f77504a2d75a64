import type { QuotaUsage, ServerUsage, StoredLimits } from '@kilonova/api-db';
import { AppError } from '@kilonova/util';
import type { QuotaDefaults, QuotaResource } from './quota-resources.js';

/** Limits in force for a project, and for one user in it. A user's own limit narrows, never widens, the project's. */
export interface EffectiveLimits {
  readonly project: QuotaDefaults;
  readonly user: QuotaDefaults;
}

const overlay = (...levels: ReadonlyArray<Readonly<Record<string, number>>>): QuotaDefaults =>
  Object.assign({}, ...levels) as QuotaDefaults;

/** user → project → class → configuration. */
export const effectiveLimits = (stored: StoredLimits, defaults: QuotaDefaults): EffectiveLimits => ({
  project: overlay(defaults, stored.defaults, stored.project),
  user: overlay(defaults, stored.defaults, stored.project, stored.user),
});

export const isOver = (limit: number, total: number): boolean => limit >= 0 && total > limit;

const SERVER_RESOURCES = ['instances', 'cores', 'ram'] as const satisfies ReadonlyArray<keyof ServerUsage & QuotaResource>;

/** One resource that a request exceeds, in the words of its answer. */
export interface Overrun {
  readonly resource: keyof ServerUsage;
  readonly requested: number;
  readonly used: number;
  readonly limit: number;
}

/** `fits`: how many servers may be taken; less than asked for when an overrun stands in the way. */
export interface Fit {
  readonly count: number;
  readonly overruns: readonly Overrun[];
}

/**
 * How many servers of one size fit under the limits.
 * @param after usage with all `asked` servers counted in
 */
export function serversThatFit(limits: EffectiveLimits, after: QuotaUsage, each: ServerUsage, asked: number): Fit {
  const overruns = SERVER_RESOURCES.flatMap((resource) => overrunsOf(resource, limits, after, each[resource] * asked));
  const room = overruns.map(({ resource, used, limit }) => Math.floor(Math.max(0, limit - used) / Math.max(1, each[resource])));
  return { count: Math.min(asked, ...room), overruns };
}

/** What the ledger's columns can hold; nothing may come near it, unlimited or not. */
const MOST: Readonly<Record<keyof ServerUsage, number>> = { instances: 2 ** 31 - 1, cores: 2 ** 31 - 1, ram: 2 ** 53 };

const ceiling = (resource: keyof ServerUsage, limit: number): number => (limit < 0 ? MOST[resource] : limit);

/** What a level's limits let servers hold in all. */
export const ceilings = (limits: QuotaDefaults): ServerUsage => ({
  instances: ceiling('instances', limits.instances),
  cores: ceiling('cores', limits.cores),
  ram: ceiling('ram', limits.ram),
});

function overrunsOf(resource: keyof ServerUsage, limits: EffectiveLimits, after: QuotaUsage, requested: number): Overrun[] {
  const levels = [
    { limit: ceiling(resource, limits.project[resource]), total: after.project[resource] },
    { limit: ceiling(resource, limits.user[resource]), total: after.user[resource] },
  ];
  return levels
    .filter(({ limit, total }) => isOver(limit, total))
    .slice(0, 1)
    .map(({ limit, total }) => ({ resource, requested, used: total - requested, limit }));
}

export const times = (each: ServerUsage, count: number): ServerUsage => ({
  instances: each.instances * count,
  cores: each.cores * count,
  ram: each.ram * count,
});

const added = (usage: ServerUsage, delta: ServerUsage): ServerUsage => ({
  instances: usage.instances + delta.instances,
  cores: usage.cores + delta.cores,
  ram: usage.ram + delta.ram,
});

const plus = ({ project, user }: QuotaUsage, delta: ServerUsage): QuotaUsage => ({
  project: added(project, delta),
  user: added(user, delta),
});

export const minus = (usage: QuotaUsage, delta: ServerUsage): QuotaUsage => plus(usage, times(delta, -1));

/**
 * How many servers of one size may come on top of what is used: up to the maximum, at least the minimum.
 * @throws AppError 403 when the minimum does not fit
 */
export function requireRoom(
  limits: EffectiveLimits,
  used: QuotaUsage,
  each: ServerUsage,
  { minCount, maxCount }: { readonly minCount: number; readonly maxCount: number },
): number {
  const { count, overruns } = serversThatFit(limits, plus(used, times(each, maxCount)), each, maxCount);
  if (count >= minCount) return count;
  throw new AppError({ kind: 'quota', code: 'compute.server.over_quota', message: overrunMessage(overruns) });
}

/** `Quota exceeded for cores, ram: Requested 4, 8192, but already used 18, 50000 of 20, 51200 cores, ram` */
export function overrunMessage(overruns: readonly Overrun[]): string {
  const list = (pick: (overrun: Overrun) => unknown): string => overruns.map(pick).join(', ');
  const names = list(({ resource }) => resource);
  return `Quota exceeded for ${names}: Requested ${list((o) => o.requested)}, but already used ${list((o) => o.used)} of ${list((o) => o.limit)} ${names}`;
}
