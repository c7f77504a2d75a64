import { expect, it } from 'vitest';
import { Slots } from './slots.js';

it('gives slots in the order of asking', async () => {
  const slots = new Slots(1);
  expect(slots.take(1_000)).toBeUndefined();
  const order: number[] = [];
  const second = slots.take(1_000)?.then(() => order.push(2));
  const third = slots.take(1_000)?.then(() => order.push(3));
  slots.free();
  await second;
  slots.free();
  await third;
  expect(order).toEqual([2, 3]);
});

it('refuses after the time, and loses no slot by it', async () => {
  const slots = new Slots(1);
  void slots.take(1_000);
  await expect(slots.take(5)).rejects.toMatchObject({ code: 'messaging.unavailable' });
  slots.free();
  expect(slots.take(1_000)).toBeUndefined();
});

it('tells when all are free again, or when it has waited long enough', async () => {
  const slots = new Slots(2);
  void slots.take(1_000);
  await slots.idle(5);
  const idle = slots.idle(60_000);
  slots.free();
  await idle;
});
