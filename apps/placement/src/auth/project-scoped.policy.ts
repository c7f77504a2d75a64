import { Policy } from '@kilonova/policy';
import type { Principal } from '@kilonova/util';

/** Everything in placement is done in a project: a token for the system as a whole is refused, whatever its roles. */
export class ProjectScopedPolicy extends Policy {
  override allows(...[rule, principal, target]: Parameters<Policy['allows']>): boolean {
    return !isSystemScoped(principal) && super.allows(rule, principal, target);
  }
}

const isSystemScoped = (principal: Principal): boolean =>
  principal.systemScope !== undefined && principal.projectId === undefined;
