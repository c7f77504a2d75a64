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

describe('rules of scheduling, over HTTP', () => {
  const shown: Shown[] = [];
  beforeAll(async () => {
    await cloud.start(database.url);
    for (const [index, one] of RULES_CASES.entries()) shown.push(await play(one, index));
  }, 240_000);
  afterAll(() => cloud.stop(), 60_000);

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
        Object.fromEntries(of.verdicts.map((one) => [one.host, [one.rule, one.reason]]));
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
