import { FILTERS, WEIGHERS } from '@kilonova/scheduler';
import { useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOT_SHOWN, RULES_CASES, type RulesCase } from './spec-support/rules-cases.js';
import { RulesCloud, type RulesRecord } from './spec-support/rules-cloud.js';

const database = useDatabase();
const cloud = new RulesCloud();

interface Shown {
  readonly tried: Record<string, unknown>;
  readonly server: string;
}

/** Sets a case up, asks what would happen, and lets it happen. */
async function play(one: RulesCase, index: number): Promise<Shown> {
  const zone = `case-${index}`;
  const named = (letter: string): string => `${zone}-${letter}`;
  const hosts = Object.fromEntries(Object.entries(one.hosts).map(([letter, facts]) => [named(letter), facts]));
  await cloud.zone(zone, hosts);
  const flavorRef = one.flavor === undefined ? '1' : zone;
  if (one.flavor !== undefined) await cloud.flavor(zone, one.flavor.specs ?? {}, one.flavor.size);
  const image = one.image === undefined ? {} : { imageRef: await cloud.image(one.image) };
  const group = one.group === undefined ? {} : { group: await cloud.group(one.group.policy, one.group.rules) };
  return cloud.scheduled(optionsOf(one, zone), async () => {
    const earlier: string[] = [];
    for (const { on } of one.before ?? [])
      earlier.push(await cloud.arrived({ availability_zone: `${zone}:${named(on)}` }, group, named(on)));
    const hints = { ...one.hints, ...group, ...(one.hintOfFirst === undefined ? {} : { [one.hintOfFirst]: earlier[0] }) };
    const server = { flavorRef, availability_zone: zone, ...image };
    return { tried: await cloud.tried(server, hints), server: await cloud.booted(server, hints) };
  });
}

/** Options name hosts by the rule and a letter. */
const optionsOf = ({ rule, options = {} }: RulesCase, zone: string) =>
  JSON.parse(JSON.stringify(options).replaceAll(`"${rule}-`, `"${zone}-`)) as typeof options;

/** A silence is longer when the boot follows than it was when it was tried. */
const timeless = (reason: string): string => reason.replace(/(?<=silent for )\d+(?= s$)/, 'some');

beforeAll(() => cloud.start(database.url), 120_000);
afterAll(() => cloud.stop(), 60_000);

describe('rules of scheduling, over HTTP', () => {
  const shown: Shown[] = [];
  beforeAll(async () => {
    for (const [index, one] of RULES_CASES.entries()) shown.push(await play(one, index));
  }, 240_000);

  it('each has a case', () => {
    const names = [...FILTERS, ...WEIGHERS].map(({ name }) => name).filter((name) => !NOT_SHOWN.includes(name));
    expect([...new Set(RULES_CASES.map(({ rule }) => rule))].sort()).toEqual(names.sort());
  });

  it.each(RULES_CASES.map((one, index) => [one.rule, one.what, one, index] as const))(
    '%s: %s',
    async (_rule, _what, one, index) => {
      const { tried, server } = shown[index] as Shown;
      const record = await cloud.record(server);
      const host = one.chosen === null ? null : `case-${index}-${one.chosen}`;
      expect(record).toMatchObject({ outcome: host === null ? 'no-valid-host' : 'selected', host });
      const why = (of: Pick<RulesRecord, 'verdicts'>) =>
        Object.fromEntries(of.verdicts.map((one) => [one.host, [one.rule, timeless(one.reason)]]));
      for (const [letter, reason] of Object.entries(one.refused ?? {}))
        expect(why(record)[`case-${index}-${letter}`]).toEqual([one.rule, expect.stringContaining(reason)]);
      expect(record.verdicts).toHaveLength(Object.keys(one.refused ?? {}).length);
      if (one.refused === undefined && host !== null && Object.keys(one.hosts).length > 1)
        expect(record.best.some(({ weights }) => weights[one.rule] !== undefined)).toBe(true);
      expect(tried).toMatchObject({
        outcome: record.outcome,
        refused: record.refused,
        hosts: host === null ? [] : [expect.objectContaining({ host })],
      });
      expect(why(tried as never)).toEqual(why(record));
    },
  );
});

describe('places', () => {
  const hostsOf = async (servers: readonly string[]): Promise<ReadonlyArray<string | null>> =>
    (await Promise.all(servers.map((id) => cloud.record(id)))).map(({ host }) => host);
  const countBy = (hosts: ReadonlyArray<string | null>): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const host of hosts) if (host !== null) counts[host] = (counts[host] ?? 0) + 1;
    return counts;
  };
  const inARow = async (zone: string, count: number): Promise<readonly string[]> => {
    const servers: string[] = [];
    for (let n = 0; n < count; n++) servers.push(await cloud.booted({ availability_zone: zone }));
    return servers;
  };

  it('two schedulers give fifty places to fifty of a hundred boots at once, as was counted before', async () => {
    const hosts = Array.from({ length: 10 }, (_, n) => `fifty-${n}`);
    await cloud.zone('fifty', Object.fromEntries(hosts.map((host) => [host, { vcpus: 5 }])));
    const boots = Array.from({ length: 100 }, () => ({ availability_zone: 'fifty' }));
    await cloud.scheduled({}, () =>
      cloud.scheduled({}, async () => {
        expect(await cloud.capacity('1', 'fifty')).toBe(50);
        const servers = await cloud.allBooted(boots);
        const chosen = await hostsOf(servers);
        expect(countBy(chosen)).toEqual(Object.fromEntries(hosts.map((host) => [host, 5])));
        expect(chosen.filter((host) => host === null)).toHaveLength(50);
        expect(await cloud.capacity('1', 'fifty')).toBe(0);
        expect(await cloud.tried({ availability_zone: 'fifty' })).toMatchObject({ outcome: 'no-valid-host', servers: 0 });
      }),
    );
  }, 120_000);

  const THREE = ['x', 'y', 'z'];

  it('a packing weigher fills one host after the other', async () => {
    await cloud.zone('packed', Object.fromEntries(THREE.map((name) => [`packed-${name}`, { vcpus: 2 }])));
    const weighers = { ram: -1, cpu: -1, disk: -1, ioOps: 0 };
    const chosen = await cloud.scheduled({ weighers }, async () => hostsOf(await inARow('packed', 6)));
    expect(Object.values(countBy(chosen))).toEqual([2, 2, 2]);
    for (const at of [0, 2, 4]) expect(chosen[at + 1]).toBe(chosen[at]);
  }, 60_000);

  it('spreading ones leave hosts with one server more or less', async () => {
    await cloud.zone('spread', Object.fromEntries(THREE.map((name) => [`spread-${name}`, {}])));
    const chosen = await cloud.scheduled({}, async () => hostsOf(await inARow('spread', 7)));
    expect(Object.values(countBy(chosen)).sort()).toEqual([2, 2, 3]);
  }, 60_000);
});
