import type { RestClient } from '@kilonova/rest-client';
import { AppError, type Ctx, withDeadline } from '@kilonova/util';

/** How long a project is looked up at most, milliseconds. */
const PATIENCE_MS = 3_000;

/** Tells which projects there are. */
export abstract class ProjectDirectory {
  /**
   * Whether an id may be that of a project.
   * @param token of the caller: what they may not see is not held against them
   * @returns false only when the identity service says that there is none; true as well when it does not answer or may not tell
   */
  abstract mayExist(ctx: Ctx, token: string, projectId: string): Promise<boolean>;
}

/** Asks Keystone v3. As upstream, what cannot be found out counts as right. */
export class KeystoneProjectDirectory extends ProjectDirectory {
  /** @param identity client of the identity service's v3 root */
  constructor(
    private readonly identity: Pick<RestClient, 'send'>,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  async mayExist(ctx: Ctx, token: string, projectId: string): Promise<boolean> {
    // As a segment of a path these would name something else.
    if (['', '.', '..'].includes(projectId)) return false;
    try {
      const path = `/projects/${encodeURIComponent(projectId)}`;
      const request = { method: 'GET', path, headers: { 'x-auth-token': token } } as const;
      const reply = await this.identity.send(withDeadline(ctx, this.now() + PATIENCE_MS), request);
      return reply.status !== 404;
    } catch (error) {
      const { kind } = AppError.from(error);
      if (kind === 'dependency' || kind === 'deadline') return true;
      throw error;
    }
  }
}
