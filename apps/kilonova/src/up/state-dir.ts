import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder that holds everything of one cloud: secrets, configuration, databases, logs, images. */
export class StateDir {
  readonly root: string;

  constructor(path: string) {
    this.root = resolve(path);
    for (const part of ['config', 'log', 'run', 'secrets']) mkdirSync(join(this.root, part), { recursive: true });
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
