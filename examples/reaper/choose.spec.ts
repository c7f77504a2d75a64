import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseVictims } from './choose.mjs';

const size = (vcpus: number, ram = vcpus * 512, disk = 1) => ({ vcpus, ram, disk });
const victim = (id: string, host: string, vcpus: number, created = `2026-01-0${id}`) => ({
  id,
  host,
  size: size(vcpus),
  created,
});
const ids = (need: ReturnType<typeof size>, victims: ReadonlyArray<ReturnType<typeof victim>>, most = 8) =>
  chooseVictims(need, victims, most).map(({ id }) => id);

it('takes the youngest, all of one host, and no more than it needs', () => {
  const victims = [victim('1', 'a', 1), victim('2', 'a', 1), victim('3', 'a', 1), victim('4', 'b', 1)];
  expect(ids(size(1), victims)).toEqual(['4']);
  expect(ids(size(2), victims)).toEqual(['3', '2']);
  expect(ids(size(4), victims)).toEqual([]);
});

it('spares what one larger server makes up for', () => {
  expect(ids(size(4), [victim('1', 'a', 4), victim('2', 'a', 1)])).toEqual(['1']);
  expect(ids(size(2), [victim('1', 'a', 1), victim('2', 'a', 1), victim('3', 'b', 2)])).toEqual(['3']);
});

it('stays within its limit', () => {
  const victims = ['1', '2', '3'].map((id) => victim(id, 'a', 1));
  expect([ids(size(3), victims, 2), ids(size(3), victims, 3)]).toEqual([[], ['3', '2', '1']]);
});

it('chooses enough, of one host, none of them in vain', () => {
  const some = fc.array(
    fc.record({
      host: fc.constantFrom('a', 'b', 'c'),
      vcpus: fc.integer({ min: 1, max: 4 }),
      day: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 12 }), (given, wanted) => {
      const victims = given.map(({ host, vcpus, day }, index) => victim(`v${index}`, host, vcpus, `2026-01-0${day}`));
      const chosen = chooseVictims(size(wanted), victims, 20);
      const room = (all: typeof chosen) => all.reduce((sum, one) => sum + one.size.vcpus, 0);
      const largest = Math.max(0, ...[...Map.groupBy(victims, ({ host }) => host).values()].map(room));
      if (chosen.length === 0) return largest < wanted || wanted > largest;
      return (
        new Set(chosen.map(({ host }) => host)).size === 1 &&
        room(chosen) >= wanted &&
        chosen.every((one) => room(chosen.filter((other) => other !== one)) < wanted)
      );
    }),
  );
});
