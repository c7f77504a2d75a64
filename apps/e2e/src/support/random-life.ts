const LIVE_MIGRATION = { 'os-migrateLive': { host: null, block_migration: 'auto' } };
const MOVES = [{ resize: { flavorRef: '1' } }, { resize: { flavorRef: '2' } }, { migrate: null }];

/** What a client may ask of a server, by the status that it sees. */
const FITTING: Readonly<Record<string, readonly object[]>> = {
  ACTIVE: [
    ...MOVES,
    ...MOVES,
    LIVE_MIGRATION,
    LIVE_MIGRATION,
    { 'os-stop': null },
    { pause: null },
    { suspend: null },
    { rescue: {} },
    { shelve: null },
    { reboot: { type: 'SOFT' } },
    { reboot: { type: 'HARD' } },
  ],
  SHUTOFF: [...MOVES, { 'os-start': null }, { shelve: null }],
  VERIFY_RESIZE: [{ confirmResize: null }, { revertResize: null }],
  PAUSED: [{ unpause: null }, LIVE_MIGRATION],
  SUSPENDED: [{ resume: null }],
  RESCUE: [{ unrescue: null }],
  SHELVED: [{ unshelve: null }, { shelveOffload: null }],
  SHELVED_OFFLOADED: [{ unshelve: null }],
  ERROR: [{ 'os-stop': null }, { reboot: { type: 'HARD' } }],
};
const ALL = Object.values(FITTING).flat();

const pick = (from: readonly object[]): object => from[Math.floor(Math.random() * from.length)] as object;

/** A request that fits what the client sees of the server; one in five is any other, as clients ask when it is too late. */
export function anyRequest(status: string): object {
  const fitting = FITTING[status];
  return fitting === undefined || Math.random() < 0.2 ? pick(ALL) : pick(fitting);
}

/** The power that a guest has in a settled state of its server, as the simulated hypervisors note it. */
export const POWER: Readonly<Record<string, string | undefined>> = {
  active: '1',
  rescued: '1',
  paused: '3',
  stopped: '4',
  shelved: '4',
  suspended: '7',
};
/** Settled states in which a server has no guest. */
export const WITHOUT_GUEST: ReadonlySet<string> = new Set(['shelved_offloaded']);
