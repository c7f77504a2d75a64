import { eventually } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { type GroupCloud, hostOf, type Member, SETTLED } from './group-cloud.js';

/** Between two looks at where everybody is. Two in a row that see the same are more than a moment. */
const LOOK_MS = 120;

export type Dice = () => number;

export const HARD = 'hard';
export const SOFT = 'soft';

/** Servers that were made before what happens next, by group. */
interface Standing {
  readonly hard: Member[];
  readonly soft: Member[];
}

/** A member that came when all were at rest. */
export interface Newcomer {
  /** Members that were on its host before; undefined: it got none. */
  readonly here: number | undefined;
  /** Members on the host that had the fewest. */
  readonly least: number;
  readonly record: string;
}

/** Two members of the hard group on one host. */
const doubles = (members: readonly Member[]): ReadonlySet<string> => {
  const byHost = Map.groupBy(
    members.filter((one) => one.name === HARD && hostOf(one) !== null),
    hostOf,
  );
  const crowded = [...byHost].filter(([, here]) => here.length > 1);
  return new Set(
    crowded.map(
      ([host, here]) =>
        `${host}: ${here
          .map(({ id, status }) => `${id} ${status}`)
          .sort()
          .join(', ')}`,
    ),
  );
};

const isIdle = ({ status, 'OS-EXT-STS:task_state': task }: Member): boolean => task === null && status !== 'BUILD';

/** One round after another of boots, deletes, moves and lost hosts, side by side, about a group with a hard policy and one with a soft one. */
export class GroupRounds {
  /** What was done, by kind. */
  readonly done = new Map<string, number>();
  /** Two members of the hard group seen on one host twice in a row. */
  readonly violations: string[] = [];

  private constructor(
    private readonly cloud: GroupCloud,
    private readonly dice: Dice,
    private readonly groups: { readonly hard: string; readonly soft: string },
  ) {}

  static async open(cloud: GroupCloud, dice: Dice): Promise<GroupRounds> {
    const [hard, soft] = [await cloud.group('anti-affinity'), await cloud.group('soft-anti-affinity')];
    return new GroupRounds(cloud, dice, { hard, soft });
  }

  /** Everybody is at rest at its end, and those without a host are gone. */
  async run(): Promise<void> {
    let busy = true;
    const watch = this.#watch(() => busy);
    try {
      await this.#sideBySide();
      await this.#rest();
    } finally {
      busy = false;
      await watch;
    }
  }

  async #sideBySide(): Promise<void> {
    const standing = await this.#standing();
    const lost = this.dice() < 0.3 ? (standing.hard.map(hostOf)[0] ?? null) : null;
    const elsewhere = (one: Member): boolean => hostOf(one) !== lost;
    const [hard, soft] = [standing.hard.filter(elsewhere), standing.soft.filter(elsewhere)];
    const [moved, live, softMoved] = [this.#draw(hard), this.#draw(hard), this.#draw(soft)];
    const spare = standing.hard.length + 2 > this.cloud.hosts.length / 2 ? hard : [];
    await Promise.all([
      ...(lost === null ? [] : [this.#evacuate(lost)]),
      this.#boot(HARD),
      this.#boot(HARD),
      this.#boot(SOFT),
      ...[moved, softMoved].map((one) => this.#migrate(one)),
      this.#migrateLive(live),
      this.#delete(this.#draw(spare)),
      this.#delete(this.#draw(soft)),
    ]);
  }

  /** One more of a group, alone. */
  async oneMore(name: typeof HARD | typeof SOFT): Promise<Newcomer> {
    const members = (await this.cloud.servers()).filter((one) => one.name === name);
    const before = new Map(this.cloud.hosts.map((host) => [host, members.filter((one) => hostOf(one) === host).length]));
    const id = await this.#boot(name);
    const settled = await this.#until(id, isIdle);
    const host = settled?.status === 'ACTIVE' ? hostOf(settled) : null;
    return { here: before.get(host ?? ''), least: Math.min(...before.values()), record: await this.cloud.record(id) };
  }

  /** Room for both ends of two moves and two boots is left in the hard group, and no more than twice the hosts in the soft one. */
  async thin(): Promise<void> {
    const { hard, soft } = await this.#standing();
    const { length } = this.cloud.hosts;
    while (hard.length > Math.ceil(length / 2)) await this.#delete(this.#draw(hard));
    while (soft.length > length) await this.#delete(this.#draw(soft));
    await this.#rest();
  }

  async #standing(): Promise<Standing> {
    const members = (await this.cloud.servers()).filter(({ status }) => status === 'ACTIVE');
    return { hard: members.filter(({ name }) => name === HARD), soft: members.filter(({ name }) => name === SOFT) };
  }

  #draw(from: Member[]): Member | undefined {
    return from.splice(Math.floor(this.dice() * from.length), 1)[0];
  }

  #count(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  async #boot(name: typeof HARD | typeof SOFT): Promise<string> {
    this.#count(`boot ${name}`);
    return this.cloud.boot(name, this.groups[name]);
  }

  async #delete(member: Member | undefined): Promise<void> {
    if (member === undefined) return;
    this.#count('delete');
    await this.cloud.delete(member.id);
  }

  /** Confirmed or reverted a while after it has arrived. */
  async #migrate(member: Member | undefined): Promise<void> {
    if (member === undefined) return;
    await this.cloud.act(member.id, { migrate: null });
    const arrived = await this.#until(member.id, isIdle);
    if (arrived?.status !== 'VERIFY_RESIZE') return this.#count('cold migration without a host');
    await pause(this.dice() * 500);
    const end = this.dice() < 0.5 ? 'confirmResize' : 'revertResize';
    this.#count(`cold migration, ${end}`);
    // Refused while one of its hosts is lost.
    await eventually(async () => {
      await this.cloud.act(member.id, { [end]: null });
      const ended = await this.#until(member.id, isIdle);
      if (ended?.status === 'VERIFY_RESIZE') throw new Error(`${member.id} waits for ${end}`);
    }, SETTLED);
  }

  async #migrateLive(member: Member | undefined): Promise<void> {
    if (member === undefined) return;
    await this.cloud.act(member.id, { 'os-migrateLive': { host: null, block_migration: 'auto' } });
    const ended = await this.#until(member.id, isIdle);
    this.#count(`live migration ${ended !== undefined && hostOf(ended) === hostOf(member) ? 'without a host' : 'arrived'}`);
  }

  async #evacuate(host: string): Promise<void> {
    await this.cloud.lose(host);
    const here = (await this.cloud.servers()).filter((one) => hostOf(one) === host && isIdle(one));
    for (const { id } of here) {
      this.#count('evacuation');
      await this.cloud.act(id, { evacuate: {} });
    }
    for (const { id } of here) await this.#until(id, isIdle);
    await this.cloud.bringBack(host);
  }

  /** The server once it is so; undefined when it is gone. */
  async #until(id: string, is: (member: Member) => boolean): Promise<Member | undefined> {
    return eventually(async () => {
      const member = (await this.cloud.servers()).find((one) => one.id === id);
      if (member !== undefined && !is(member)) throw new Error(`${id} is ${member.status} ${member['OS-EXT-STS:task_state']}`);
      return member;
    }, SETTLED);
  }

  async #rest(): Promise<void> {
    await eventually(async () => {
      const servers = await this.cloud.servers();
      for (const { id, status } of servers) if (status === 'ERROR') await this.cloud.delete(id);
      const busy = servers.filter((one) => one.status !== 'ACTIVE' || one['OS-EXT-STS:task_state'] !== null);
      if (busy.length > 0)
        throw new Error(busy.map((one) => `${one.id} ${one.status} ${one['OS-EXT-STS:task_state']}`).join(', '));
    }, SETTLED);
  }

  async #watch(busy: () => boolean): Promise<void> {
    for (let before: ReadonlySet<string> = new Set(); busy(); await pause(LOOK_MS)) {
      const now = doubles(await this.cloud.servers());
      this.violations.push(...[...now].filter((one) => before.has(one)));
      before = now;
    }
    this.violations.push(...doubles(await this.cloud.servers()));
  }
}
