import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PowerState } from '@kilonova/compute-objects';

/** Lines beyond which a journal is written anew when it is opened, as a multiple of the guests it tells of. */
const SLACK = 4;
/** Ends the name of what a moved guest left behind. */
const LEFT = '_resize';

/**
 * The guests of one simulated hypervisor. With a file they outlive the process, as real ones outlive their agent: a journal
 * of one line a change, `<uuid> <power state>` or `<uuid> -`; a line that a crash cut short is passed over. What a guest left
 * behind that was moved away is kept as `<uuid>_resize`, with the power that it had.
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
    return [...this.#guests.keys()].filter((uuid) => !uuid.endsWith(LEFT));
  }

  /** Guests that were moved away, and may come back. */
  left(): readonly string[] {
    return [...this.#guests.keys()].filter((uuid) => uuid.endsWith(LEFT)).map((uuid) => uuid.slice(0, -LEFT.length));
  }

  hasLeft(uuid: string): boolean {
    return this.#guests.has(uuid + LEFT);
  }

  /** The guest is here no more; what it would need to come back stays. */
  leave(uuid: string): void {
    this.set(uuid + LEFT, this.get(uuid) ?? PowerState.SHUTDOWN);
    this.delete(uuid);
  }

  /** Nothing of a guest that was moved away stays. */
  forgetLeft(uuid: string): void {
    this.delete(uuid + LEFT);
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
    const [, uuid, power] = /^(\S{36}(?:_resize)?) (-|\d)$/.exec(line) ?? [];
    if (uuid === undefined) return;
    if (power === '-') this.#guests.delete(uuid);
    else this.#guests.set(uuid, Number(power) as PowerState);
  }

  #rewrite(file: string): void {
    writeFileSync(`${file}.new`, [...this.#guests].map(([uuid, power]) => `${uuid} ${power}\n`).join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
