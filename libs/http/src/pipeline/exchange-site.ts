import type { Route } from '../route.js';
import type { ApiOptions, Prefix } from './api-options.js';

/** The parameter that holds the project id of `/v2.1/<project id>/…`. */
export const PROJECT_SEGMENT = 'kilonova_project_segment';

/** What the exchanges of one mounted place share. */
export interface ExchangeSite {
  readonly options: ApiOptions;
  readonly prefix: Prefix | undefined;
  /** Gives the controller of a row. */
  readonly resolve: (token: Route['controller']) => unknown;
  /** Told of each answer, with the row that it came from or was refused at. */
  readonly observe: (row: Route | undefined, status: number, seconds: number) => void;
}
