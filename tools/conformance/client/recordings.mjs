import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The end of a file of exchanges may hold those of the next, unlisted command: a second login begins them. */
function firstCommand(exchanges) {
  const second = exchanges.findIndex(({ service, path }, index) => index > 0 && service === 'keystone' && path === '/v3');
  return second === -1 ? exchanges : exchanges.slice(0, second);
}

/** Recorded commands in order: `NAME.out` (command line, output, `rc=…`) and `NAME.jsonl` (an exchange a line). */
export function recordings(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.out'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.out'.length);
      const text = readFileSync(join(folder, file), 'utf8');
      const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n');
      return {
        name,
        command: text.split('\n')[0].replace(/^\$ /, ''),
        output: text,
        code: Number(/^rc=(\d+)/m.exec(text)?.[1]),
        exchanges: firstCommand(lines.filter((line) => line !== '').map((line) => JSON.parse(line))),
      };
    });
}
