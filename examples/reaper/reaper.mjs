import { chooseVictims } from './choose.mjs';

/**
 * Makes room for servers that wait: deletes preemptible ones of a host, waits until they are gone, and has the waiting one
 * scheduled anew. One at a time, each so many times, each with so many victims at most.
 *
 * @typedef {Pick<import('./cloud.mjs').Cloud, 'waiting' | 'preemptible' | 'delete' | 'exists' | 'rebuild'>} Room
 * @typedef {{ victims: number, tries: number, goneMs: number, log: (line: string) => void }} Limits
 *   most victims for one server; tries for one server; how long a victim may take to be gone
 */
export class Reaper {
  /** Tries so far, by server; only those that still wait are remembered. @type {Map<string, number>} */
  #tries = new Map();
  /** @type {Promise<void> | undefined} */
  #run;
  #again = false;

  /** @param {Room} cloud @param {Limits} limits */
  constructor(cloud, limits) {
    this.cloud = cloud;
    this.limits = limits;
  }

  /** To be called when something may wait. Calls during a run are one more run after it. @returns {Promise<void>} */
  look() {
    if (this.#run !== undefined) {
      this.#again = true;
      return this.#run;
    }
    this.#run = this.#untilDone().finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  async #untilDone() {
    do {
      this.#again = false;
      await this.#once();
    } while (this.#again);
  }

  async #once() {
    const waiting = (await this.cloud.waiting()).filter(({ preemptible }) => !preemptible);
    const ids = new Set(waiting.map(({ id }) => id));
    for (const id of this.#tries.keys()) if (!ids.has(id)) this.#tries.delete(id);
    for (const server of waiting) await this.#serve(server);
  }

  /** @param {import('./cloud.mjs').Server} server */
  async #serve({ id, size }) {
    const tries = this.#tries.get(id) ?? 0;
    if (tries >= this.limits.tries) return;
    const running = /** @type {import('./choose.mjs').Victim[]} */ (await this.cloud.preemptible());
    const victims = chooseVictims(size, running, this.limits.victims);
    if (victims.length === 0) return this.limits.log(`nothing makes room for ${id}`);
    this.#tries.set(id, tries + 1);
    this.limits.log(`${victims.map((victim) => victim.id).join(', ')} on ${victims[0]?.host} make room for ${id}`);
    for (const victim of victims) await this.cloud.delete(victim.id);
    if (!(await this.#gone(victims))) return this.limits.log(`room for ${id} did not come in time`);
    this.limits.log((await this.cloud.rebuild(id)) ? `${id} is scheduled anew` : `${id} waits no more`);
  }

  /** @param {readonly import('./choose.mjs').Victim[]} victims */
  async #gone(victims) {
    const deadline = Date.now() + this.limits.goneMs;
    let left = victims;
    while (left.length > 0 && Date.now() < deadline) {
      const there = await Promise.all(left.map(({ id }) => this.cloud.exists(id)));
      left = left.filter((_victim, index) => there[index]);
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return left.length === 0;
  }
}
