import { pause } from '@kilonova/util';

/** Polls until the condition holds; fails after `ms`, saying what was waited for. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain: ${what}`);
    await pause(5);
  }
}
