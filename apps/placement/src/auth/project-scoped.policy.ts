import { Policy, type PolicyOptions } from '@kilonova/policy';
import type { Principal } from '@kilonova/util';

/**
 * Everything in placement is done in a project: a token for the system as a whole is refused, whatever its roles. Holds
 * while new defaults are enforced; before them scope meant nothing.
 */
export class ProjectScopedPolicy extends Policy {
  readonly #scoped: boolean;

  constructor(options: PolicyOptions) {
    super(options);
    this.#scoped = options.enforceNewDefaults;
  }

  override allows(...[rule, principal, target]: Parameters<Policy['allows']>): boolean {
    return !(this.#scoped && isSystemScoped(principal)) && super.allows(rule, principal, target);
  }
}

const isSystemScoped = (principal: Principal): boolean => principal.systemScope !== undefined && principal.projectId === undefined;
