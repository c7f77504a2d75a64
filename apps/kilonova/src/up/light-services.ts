import type { ServicePlan } from './service-plan.js';

/** Several services in one process. */
export interface SharedProcess {
  readonly name: string;
  readonly stage: number;
  readonly members: readonly ServicePlan[];
}

const COMPANIONS: readonly ServicePlan['app'][] = ['identity', 'image'];

/** The companions, which are to share a process, and the services that have one each. */
export function withCompanions(plans: readonly ServicePlan[]): {
  readonly companions: SharedProcess;
  readonly others: readonly ServicePlan[];
} {
  const members = plans.filter(({ app }) => COMPANIONS.includes(app));
  return { companions: { name: 'companions', stage: 0, members }, others: plans.filter((plan) => !members.includes(plan)) };
}

/** MiB of each half of the young generation: a small one costs CPU where much is made and thrown away, and saves memory elsewhere. */
const YOUNG_MB = { busy: 16, light: 4 } as const;

/** Who works on every request of the whole cloud; the others on those of a cell or a host, or on few. */
const isBusy = ({ app, args }: Pick<ServicePlan, 'app' | 'args'>): boolean =>
  app === 'compute-api' || app === 'placement' || (app === 'conductor' && args?.includes('super') === true);

/**
 * Makes the C library give freed memory back instead of keeping as much as was once needed: the buffers of a few password
 * hashes are 30 MB.
 */
const GIVE_BACK = { MALLOC_TRIM_THRESHOLD_: String(128 * 1024) };

/** What a service's process finds in its environment beside what this one has. */
export const lightEnvironment = (plan: Pick<ServicePlan, 'app' | 'args'>): Readonly<Record<string, string>> =>
  isBusy(plan) ? {} : GIVE_BACK;

/** Options of Node for a service's process, made of those of this one. */
export function nodeOptions(own: readonly string[], plan: Pick<ServicePlan, 'app' | 'args'>): readonly string[] {
  const young = `--max-semi-space-size=${isBusy(plan) ? YOUNG_MB.busy : YOUNG_MB.light}`;
  return [...own.filter((option) => !option.startsWith('--max-semi-space-size')), young];
}
