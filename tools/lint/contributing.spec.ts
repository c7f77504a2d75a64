import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const text = readFileSync(new URL('CONTRIBUTING.md', ROOT), 'utf8');

const ofRepository = (word: string): boolean => /^(apps|docs|libs|tools)\//.test(word);
/** What must be there of a path: without the part that stands for a name, and what comes after it. */
const solid = (path: string): string => (path.includes('<') ? dirname(path.slice(0, path.indexOf('<') + 1)) : path);

/** Paths in code spans, also as arguments of commands, and in links. */
function pathsIn(page: string): string[] {
  const spans = [...page.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) => span.split(/\s+/));
  const links = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
  return [...new Set([...spans, ...links].filter(ofRepository))];
}

const missing = (page: string): string[] => pathsIn(page).filter((path) => !existsSync(new URL(solid(path), ROOT)));

describe('the checklists for contributors', () => {
  it('name only files and folders that are there', () => {
    expect(pathsIn(text).length).toBeGreaterThan(40);
    expect(missing(text)).toEqual([]);
  });

  it('would be found out otherwise', () => {
    const page = 'See `libs/util`, `libs/nowhere/<noun>.ts`, `npx vitest run apps/gone` and [that](docs/gone.md#part).';
    expect(missing(page)).toEqual(['libs/nowhere/<noun>.ts', 'apps/gone', 'docs/gone.md']);
  });

  it('name only tables and lists that their file has', () => {
    const named = [...text.matchAll(/`([A-Z][A-Za-z_]+)` (?:of|in)\s+`([^`<]+\.ts)`/g)];
    expect(named.length).toBeGreaterThan(3);
    for (const [, name = '', path = ''] of named) expect(readFileSync(new URL(path, ROOT), 'utf8'), path).toContain(name);
  });
});
