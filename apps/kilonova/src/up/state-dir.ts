import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '@kilonova/util';

/** Nobody but their owner looks into these; what lies in them is private whatever its own mode is. */
const PRIVATE = ['config', 'log', 'run', 'secrets'];

/** The folder that holds everything of one cloud: secrets, configuration, databases, logs, images. */
export class StateDir {
  readonly root: string;

  private constructor(path: string) {
    this.root = resolve(path);
  }

  /** Makes what is missing. Others may pass through its root, as the account of PostgreSQL has to, and list nothing. */
  static create(path: string): StateDir {
    const state = new StateDir(path);
    mkdirSync(state.root, { recursive: true, mode: 0o711 });
    for (const part of PRIVATE) makePrivate(state.path(part));
    return state;
  }

  /** Of a cloud that was started before. @throws AppError `not-found` when none was; nothing is made then. */
  static existing(path: string): StateDir {
    const state = new StateDir(path);
    if (existsSync(state.path('run'))) return state;
    const message = `${state.root} is no state folder of a cloud: give the one given to \`kilonova up\` as --state-dir`;
    throw new AppError({ kind: 'not-found', code: 'kilonova.state.missing', message });
  }

  /** Where commands reach the cloud while it runs. */
  get controlSocket(): string {
    return this.path('run', 'control.sock');
  }

  /** What a plan of services needs of this folder. */
  get secrets(): { readonly path: (...parts: string[]) => string; readonly secret: (name: string) => string } {
    return { path: (...parts) => this.path(...parts), secret: (name) => this.secret(name) };
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** Writes a file that readers see whole or not at all. */
  write(parts: readonly string[], text: string, mode = 0o644): string {
    const file = this.path(...parts);
    writeFileSync(`${file}.new`, text, { mode });
    renameSync(`${file}.new`, file);
    return file;
  }

  /** A secret of this cloud, made on first use and readable by its owner only. */
  secret(name: string): string {
    const file = this.path('secrets', name);
    if (!existsSync(file)) this.write(['secrets', name], randomBytes(18).toString('base64url'), 0o600);
    return readFileSync(file, 'utf8').trim();
  }
}

/** A folder that may lie on a read-only volume is left alone when it is private already. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
