import { beforeEach, expect, it } from 'vitest';
import { SenderMeter } from './sender-meter.js';

let now: number;
let silenced: string[];
let meter: SenderMeter;
beforeEach(() => {
  [now, silenced] = [1_000, []];
  meter = new SenderMeter(
    { messages: 10, bytes: 100, refusals: 3, silenceMs: 5_000 },
    (sender) => void silenced.push(sender),
    () => now,
  );
});
const send = (sender: string, count: number) => Array.from({ length: count }, () => meter.admits(sender));

it('H7: who sends more than its share within a second is not listened to for a while, others are', () => {
  expect(send('a', 12)).toEqual([...Array(10).fill(true), false, false]);
  expect([send('b', 1), silenced]).toEqual([[true], ['a']]);
  now += 4_999;
  expect(send('a', 1)).toEqual([false]);
  now += 1;
  expect([send('a', 1), silenced]).toEqual([[true], ['a']]);
});

it('H7: so does length', () => {
  expect([meter.admits('a', 60), meter.admits('b', 60), meter.admits('a', 60)]).toEqual([true, true, false]);
  expect(silenced).toEqual(['a']);
});

it('H7: refusals count more', () => {
  for (let count = 0; count < 4; count++) {
    expect(meter.admits('a')).toBe(true);
    meter.refused('a');
  }
  expect([send('a', 1), silenced]).toEqual([[false], ['a']]);
});

it('each second begins anew', () => {
  for (let second = 0; second < 5; second++) {
    expect(send('a', 10)).not.toContain(false);
    now += 1_000;
  }
  expect(silenced).toEqual([]);
});
