import type { Forest } from './forest.js';

/** Resources by provider, as a claim's body and an answer have them. */
export type Held = Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>;

/** What a consumer holds, told so that a reshape within the tree changes nothing: `root: VCPU=1 VGPU=1`; empty for nothing. */
export function holding(forest: Forest, held: Held): string {
  const sums = new Map<string, number>();
  for (const [provider, { resources }] of Object.entries(held)) {
    const root = forest.rootOf(provider) ?? provider;
    for (const [name, amount] of Object.entries(resources)) {
      sums.set(`${root} ${name}`, (sums.get(`${root} ${name}`) ?? 0) + amount);
    }
  }
  return [...sums]
    .map(([what, amount]) => `${what}=${amount}`)
    .sort()
    .join(' ');
}

/**
 * What each consumer must hold by the answers that were given. Of a write without an answer nobody can tell whether it was
 * done, so both what was and what would be are right from then on.
 */
export class Ledger {
  readonly #right = new Map<string, readonly string[]>();

  /** A write was acknowledged. */
  acknowledged(consumer: string, held: string): void {
    this.#right.set(consumer, [held]);
  }

  /** A write was sent and not answered. */
  unanswered(consumer: string, held: string): void {
    this.#right.set(consumer, [...this.right(consumer), held]);
  }

  /** What a consumer may be found to hold. */
  right(consumer: string): readonly string[] {
    return this.#right.get(consumer) ?? [''];
  }

  get consumers(): readonly string[] {
    return [...this.#right.keys()];
  }
}
