import { badRequest } from '../../errors.js';
import type { World } from '../../model/world/index.js';

/** Amounts by class id. @throws what `fault` makes of the first unknown name. */
export function classIds(world: World, amounts: ReadonlyMap<string, number>, fault: (why: string) => Error): ReadonlyMap<number, number> {
  const byId = new Map<number, number>();
  for (const [name, amount] of amounts) {
    const id = world.classes.id(name);
    if (id === undefined) throw fault(`No such resource class ${name}.`);
    byId.set(id, amount);
  }
  return byId;
}

/** Ids of traits. @throws AppError (400) naming all that don't exist. */
export function traitIds(world: World, names: readonly string[]): number[] {
  const unknown = names.filter((name) => world.traits.id(name) === undefined);
  if (unknown.length > 0) throw badRequest(`No such trait(s): ${[...new Set(unknown)].sort().join(', ')}.`);
  return names.map((name) => world.traits.id(name) as number);
}

/** The same for sets of alternatives. */
export function traitSets(world: World, sets: readonly (readonly string[])[]): number[][] {
  traitIds(world, sets.flat());
  return sets.map((set) => traitIds(world, set));
}
