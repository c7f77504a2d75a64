import { AppError } from '@kilonova/util';
import { vi } from 'vitest';

/** What becomes of a call: it is cut off before or after it took effect, or goes well. */
export type Fate = 'done' | 'lost before' | 'lost after';
type AsyncMethod = (...args: unknown[]) => Promise<unknown>;

const cut = (): AppError => new AppError({ kind: 'dependency', code: 'test.cut', message: 'cut' });

/** Lets the calls of a method meet their fates in turn, and succeed when those are used up. */
export function fated(prototype: object, method: string, fates: readonly Fate[]): void {
  const methods = prototype as Record<string, AsyncMethod>;
  const original = methods[method] as AsyncMethod;
  const waiting = [...fates];
  vi.spyOn(methods, method).mockImplementation(async function (this: unknown, ...args: unknown[]) {
    const fate = waiting.shift() ?? 'done';
    if (fate === 'lost before') throw cut();
    const result = await original.apply(this, args);
    if (fate === 'lost after') throw cut();
    return result;
  });
}
