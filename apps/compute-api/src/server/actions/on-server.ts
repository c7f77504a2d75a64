import type { Route } from '@kilonova/http';

interface ActionRow extends Pick<Route, 'method' | 'path'> {
  readonly action: string;
}

/** Of a row: POST /servers/{id}/action with a body whose one key is `action`. */
export const onServer = (action: string): ActionRow => ({ method: 'POST', path: '/servers/:id/action', action });
