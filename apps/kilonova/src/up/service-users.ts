import type { ServicePlan } from './service-plan.js';

/** A service's login at the identity service. */
export interface ServiceUser {
  readonly name: string;
  readonly password: string;
  /** Whether it acts as an administrator beside being a service. */
  readonly administrator: boolean;
}

/** The secret that holds the password of a service's user. */
export const identitySecret = (service: string): string => `identity-${service}`;

/**
 * Who needs more than the role `service`, which checks tokens, works with placement and fills images of servers: the Compute API
 * looks up projects, and images of all projects; the conductor beside it deletes images of servers that nobody needs.
 */
const isAdministrator = ({ app, args }: Pick<ServicePlan, 'app' | 'args'>): boolean =>
  app === 'compute-api' || (app === 'conductor' && args?.includes('super') === true);

/** One user for each process that logs in: whoever takes one over has the rights of that one. */
export const serviceUsers = (plans: readonly ServicePlan[]): readonly ServiceUser[] => [
  ...new Map(plans.flatMap(userOf).map((user) => [user.name, user])).values(),
];

const userOf = ({ app, args, config: { keystone } }: ServicePlan): readonly ServiceUser[] => {
  if (keystone === undefined) return [];
  const [name, password] = [String(keystone['username']), String(keystone['password'])];
  return [{ name, password, administrator: isAdministrator({ app, args }) }];
};
