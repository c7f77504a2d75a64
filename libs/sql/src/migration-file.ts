import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@kilonova/util';

/** One step of a schema: `NNNN-verb-noun.sql`. */
export interface Migration {
  /** The file's name without `.sql`. */
  readonly name: string;
  readonly number: number;
  readonly text: string;
  /** SHA-256 of the text. */
  readonly checksum: string;
}

const NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)+\.sql$/;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function load(directory: string, file: string): Promise<Migration> {
  const match = NAME.exec(file);
  if (match === null) throw misnamed(`${file} is not named NNNN-verb-noun.sql`);
  const text = await readFile(join(directory, file), 'utf8');
  return { name: file.slice(0, -'.sql'.length), number: Number(match[1]), text, checksum: sha256(text) };
}

/** The migrations of a folder in order. Throws for a file that is misnamed or shares its number. */
export async function loadMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(files.map((file) => load(directory, file)));
  for (const [index, migration] of migrations.entries()) {
    const previous = migrations[index - 1];
    if (previous?.number === migration.number) throw misnamed(`${previous.name} and ${migration.name} share a number`);
  }
  return migrations;
}

/** One checksum for a whole folder: equal schemas, equal checksum. */
export const migrationsChecksum = (migrations: readonly Migration[]): string =>
  sha256(migrations.map((migration) => `${migration.name} ${migration.checksum}\n`).join(''));

const misnamed = (message: string): AppError => new AppError({ kind: 'bug', code: 'sql.migration.misnamed', message });
