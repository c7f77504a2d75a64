import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that runs one of the programs beside this file, to be killed. */
export class Child {
  readonly lines: string[] = [];
  readonly exited: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.exited = once(process, 'exit');
    process.stdout
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.lines.push(...text.split('\n').filter((line) => line !== '')));
  }

  /** `program`: the file name; its messages are the lines that it prints. */
  static run(program: string, args: readonly string[]): Child {
    const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
    const node = [
      '--experimental-transform-types',
      '--conditions=kilonova:src',
      '--no-warnings',
      '--import',
      here('register-sources.mjs'),
    ];
    return new Child(spawn(process.execPath, [...node, here(program), ...args], { stdio: ['ignore', 'pipe', 'inherit'] }));
  }

  said(line: string): boolean {
    return this.lines.includes(line);
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    if (this.process.exitCode === null && this.process.signalCode === null) await this.exited;
  }
}
