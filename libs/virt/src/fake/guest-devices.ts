import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What is plugged into the guests of one simulated hypervisor. With a file it outlives the process: a journal of one line a
 * change, `<guest> + <device>`, `<guest> - <device>` or `<guest> gone`; a line that a crash cut short is passed over.
 */
export class GuestDevices {
  readonly #byGuest = new Map<string, Set<string>>();

  constructor(private readonly file?: string) {
    if (file !== undefined && existsSync(file)) this.#open(file);
    else if (file !== undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }

  of(guest: string): readonly string[] {
    return [...(this.#byGuest.get(guest) ?? [])];
  }

  add(guest: string, device: string): void {
    if (this.#byGuest.get(guest)?.has(device) === true) return;
    this.#apply(guest, '+', device);
    this.#append(`${guest} + ${device}\n`);
  }

  remove(guest: string, device: string): void {
    if (this.#byGuest.get(guest)?.has(device) !== true) return;
    this.#apply(guest, '-', device);
    this.#append(`${guest} - ${device}\n`);
  }

  /** The guest is gone, and what was plugged into it with it. */
  forget(guest: string): void {
    if (this.#byGuest.delete(guest)) this.#append(`${guest} gone\n`);
  }

  #apply(guest: string, change: string, device: string): void {
    const devices = this.#byGuest.get(guest) ?? new Set();
    if (change === '+') devices.add(device);
    else devices.delete(device);
    this.#byGuest.set(guest, devices);
  }

  #append(line: string): void {
    if (this.file !== undefined) appendFileSync(this.file, line, { mode: 0o600 });
  }

  #open(file: string): void {
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const [, guest, change, device = ''] = /^(\S{36}) (gone|[+-])(?: (\S{36}))?$/.exec(line) ?? [];
      if (guest === undefined) continue;
      if (change === 'gone') this.#byGuest.delete(guest);
      else if (device !== '') this.#apply(guest, change ?? '', device);
    }
    const lines = [...this.#byGuest].flatMap(([guest, devices]) => [...devices].map((device) => `${guest} + ${device}\n`));
    writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
