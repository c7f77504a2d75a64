import { defineSection, option, type SectionValues } from '@kilonova/config';

/** What a service waits and keeps for each cell, by default. */
export interface CellsDefaults {
  readonly poolSize: number;
  readonly timeoutSeconds: number;
  readonly breakerResetSeconds: number;
  readonly refreshSeconds: number;
}

/** The section `cells` with a service's own defaults. */
export const cellsSectionOf = (defaults: CellsDefaults) =>
  defineSection(
    'cells',
    {
      databaseBase: option.secretUrl({
        optional: true,
        help: 'What the {username}, {hostname} … of cell mappings stand for in database URLs; the API database when left out.',
      }),
      transportBase: option.secretUrl({ optional: true, help: 'The same for broker URLs.' }),
      poolSize: option.int({ default: defaults.poolSize, min: 1, max: 200, help: "Connections to each cell's database." }),
      timeoutSeconds: option.duration({
        default: defaults.timeoutSeconds,
        min: 0.05,
        help: 'How long is waited for one cell. Then it counts as down: lists are answered without it, and its hosts get no servers.',
      }),
      breakerResetSeconds: option.duration({
        default: defaults.breakerResetSeconds,
        min: 0.1,
        help: 'Between probes of a cell that failed or hung. Until one is answered, its data is refused at once.',
      }),
      refreshSeconds: option.duration({
        default: defaults.refreshSeconds,
        min: 0,
        help: 'Age at which the list of cells is read again.',
      }),
    },
    undefined,
    {
      'cells.deadlineMs': 'timeoutSeconds',
      'cells.breakerResetMs': 'breakerResetSeconds',
      'apiDatabase.cellPoolSize': 'poolSize',
      'apiDatabase.cellTimeoutSeconds': 'timeoutSeconds',
      'apiDatabase.cellRefreshSeconds': 'refreshSeconds',
    },
  );

export type CellsValues = SectionValues<ReturnType<typeof cellsSectionOf>>;
