import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { conflict } from '@kilonova/util';
import type { StateDir } from './state-dir.js';

/** How large a cloud is: its cells, and the hosts of each. */
export interface Shape {
  readonly cells: number;
  readonly hosts: number;
}

const FILE = ['config', 'shape.json'] as const;
const SMALLEST: Shape = { cells: 2, hosts: 2 };

/** The shape that a state folder was last started with; undefined for a new one. */
export function heldShape(stateDir: string): Shape | undefined {
  try {
    const { cells, hosts } = JSON.parse(readFileSync(join(resolve(stateDir), ...FILE), 'utf8')) as Shape;
    return Number.isInteger(cells) && Number.isInteger(hosts) ? { cells, hosts } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The shape to start: what is asked for, else what the folder holds, else two cells of two hosts.
 * @throws AppError `conflict` for less than the folder holds: the servers there would be out of everybody's reach.
 */
export function shapeOf(asked: Partial<Shape>, held: Shape | undefined): Shape {
  if (held === undefined) return { cells: asked.cells ?? SMALLEST.cells, hosts: asked.hosts ?? SMALLEST.hosts };
  const faults = [
    less('--cells', 'cells', asked.cells, held.cells),
    less('--hosts', 'hosts in each cell', asked.hosts, held.hosts),
  ];
  const told = faults.filter((fault) => fault !== undefined);
  if (told.length > 0) throw conflict('kilonova.up.smaller', told.join('\n'));
  return { cells: asked.cells ?? held.cells, hosts: asked.hosts ?? held.hosts };
}

const less = (flag: string, what: string, asked: number | undefined, held: number): string | undefined =>
  asked === undefined || asked >= held
    ? undefined
    : `${flag} ${asked}: the state folder holds ${held} ${what}, whose servers nobody could reach; leave ${flag} out, or take another --state-dir`;

export const keepShape = (state: StateDir, { cells, hosts }: Shape): void =>
  void state.write(FILE, `${JSON.stringify({ cells, hosts })}\n`, 0o600);
