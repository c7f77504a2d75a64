import { stringify } from 'yaml';
import { envName, type Section } from './section.js';

/** A YAML file with every option of the sections commented out at its default, with help and environment name. */
export function sampleFile(sections: readonly Section[]): string {
  return `${sections.map(sampleSection).join('\n\n')}\n`;
}

function sampleSection({ name, help, options }: Section): string {
  const head = help === undefined ? [`${name}:`] : [...comment(help, ''), `${name}:`];
  const body = Object.entries(options).flatMap(([key, spec]) => [
    ...comment(
      `${spec.help} (${spec.type}; ${envName(name, key)}${spec.secret ? `, or ${envName(name, `${key}File`)}` : ''})`,
      '  ',
    ),
    `  # ${key}: ${spec.default === undefined ? '' : stringify(spec.default, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`.trimEnd(),
  ]);
  return [...head, ...body].join('\n');
}

/** Wrapped at 110 characters. */
function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length > 110) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${indent}# ${each}`);
}
