import { type Ctx, nextTraceparent, type Principal } from '@kilonova/util';

/**
 * The parts of a context that may cross the bus: named one by one, so that a token which somebody put into the
 * object never travels. The deadline stays behind with `keepDeadline` false (casts: nobody waits).
 */
export function portableCtx(ctx: Ctx, keepDeadline: boolean): Ctx {
  return {
    requestId: ctx.requestId,
    traceparent: nextTraceparent(ctx.traceparent),
    ...(ctx.globalRequestId === undefined ? {} : { globalRequestId: ctx.globalRequestId }),
    ...(ctx.principal === undefined ? {} : { principal: portablePrincipal(ctx.principal) }),
    ...(keepDeadline && ctx.deadline !== undefined ? { deadline: ctx.deadline } : {}),
  };
}

function portablePrincipal(principal: Principal): Principal {
  const { userId, userName, userDomainId, projectId, projectName, projectDomainId, roles, isAdmin, systemScope } = principal;
  const optional = { userName, userDomainId, projectId, projectName, projectDomainId, systemScope };
  return {
    userId,
    roles: [...roles],
    isAdmin,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
