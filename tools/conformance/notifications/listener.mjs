import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** Nothing more follows a request when nothing was told for so long, milliseconds. */
const QUIET_MS = 400;
const READY_TRIES = 100;

/** What a running cloud tells outsiders, as it does so. */
export class Listener {
  #seen = [];
  #lastAt = performance.now();
  #child;

  /** @param command the command line of the project @param state the folder of the cloud */
  constructor(command, state) {
    const args = ['notifications', 'tail', '--state-dir', state, '--family', 'both', '--full'];
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#seen.push(JSON.parse(line));
      this.#lastAt = performance.now();
    });
  }

  /** Until something is heard that `provoke` brings about: whoever listens too late has missed the beginning. */
  async ready(provoke) {
    for (let tries = 0; this.#seen.length === 0; tries++) {
      if (tries === READY_TRIES) throw new Error('nothing is heard of the cloud');
      await provoke();
      await pause(QUIET_MS);
    }
    await this.take();
  }

  /** What was told since the last time, once nothing more comes. */
  async take() {
    while (performance.now() - this.#lastAt < QUIET_MS) await pause(QUIET_MS / 4);
    const seen = this.#seen;
    this.#seen = [];
    return seen;
  }

  /** From now on a while has to pass in which nothing is told. */
  stir() {
    this.#lastAt = performance.now();
  }

  close() {
    this.#child.kill();
  }
}
