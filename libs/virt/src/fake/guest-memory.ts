import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PowerState } from '@kilonova/compute-objects';

/** Lines beyond which a journal is written anew when it is opened, as a multiple of the guests it tells of. */
const SLACK = 4;

/**
 * The guests of one simulated hypervisor. With a file they outlive the process, as real ones outlive their agent: a journal
 * of one line a change, `<uuid> <power state>` or `<uuid> -`; a line that a crash cut short is passed over.
 */
export class GuestMemory {
  readonly #guests = new Map<string, PowerState>();
  /** Nothing was remembered: the first start of this host, or its file was lost. */
  readonly isNew: boolean;

  constructor(private readonly file?: string) {
    this.isNew = file === undefined || !existsSync(file);
    if (file !== undefined) this.#open(file);
  }

  get(uuid: string): PowerState | undefined {
    return this.#guests.get(uuid);
  }

  set(uuid: string, power: PowerState): void {
    this.#guests.set(uuid, power);
    this.#append(`${uuid} ${power}\n`);
  }

  delete(uuid: string): void {
    if (this.#guests.delete(uuid)) this.#append(`${uuid} -\n`);
  }

  uuids(): readonly string[] {
    return [...this.#guests.keys()];
  }

  #append(line: string): void {
    if (this.file !== undefined) appendFileSync(this.file, line, { mode: 0o600 });
  }

  #open(file: string): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (this.isNew) {
      writeFileSync(file, '', { mode: 0o600 });
      return;
    }
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    for (const line of lines.slice(0, -1)) this.#replay(line);
    if (lines.length > SLACK * (this.#guests.size + 1) || !text.endsWith('\n')) this.#rewrite(file);
  }

  #replay(line: string): void {
    const [, uuid, power] = /^(\S{36}) (-|\d)$/.exec(line) ?? [];
    if (uuid === undefined) return;
    if (power === '-') this.#guests.delete(uuid);
    else this.#guests.set(uuid, Number(power) as PowerState);
  }

  #rewrite(file: string): void {
    writeFileSync(`${file}.new`, [...this.#guests].map(([uuid, power]) => `${uuid} ${power}\n`).join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
