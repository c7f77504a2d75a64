import type { ApiRequest, PolicyTarget } from '@kilonova/http';
import { forbidden } from '@kilonova/util';

/** Asks the policy about a rule with a target of the request's own. @throws AppError 403 */
export function demand(request: ApiRequest, rule: string, target?: PolicyTarget): void {
  if (!request.allows(rule, target)) throw forbidden('request.forbidden', `Policy doesn't allow ${rule} to be performed.`);
}
