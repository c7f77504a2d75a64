import type { DynamicModule, Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';

/** The handlers of a module and of all that it imports, each once: what a service takes messages with. */
export function handlersOf(root: Type<unknown>): ReadonlyArray<Type<unknown>> {
  const seen = new Set<Type<unknown>>();
  const found = new Set<Type<unknown>>();
  const visit = (given: Type<unknown> | DynamicModule): void => {
    const module = 'module' in given ? given.module : given;
    if (seen.has(module)) return;
    seen.add(module);
    for (const handler of metadata(MODULE_METADATA.CONTROLLERS, module)) found.add(handler);
    for (const imported of metadata(MODULE_METADATA.IMPORTS, module)) visit(imported);
  };
  visit(root);
  return [...found];
}

const metadata = (key: string, module: Type<unknown>): ReadonlyArray<Type<unknown>> => Reflect.getMetadata(key, module) ?? [];
