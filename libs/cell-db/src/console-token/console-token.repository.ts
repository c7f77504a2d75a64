import type { ConsoleAddress } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** What a token opens. */
export interface ConsoleToken extends ConsoleAddress {
  readonly instance_uuid: string;
  readonly console_type: string;
}

export interface NewConsoleToken extends ConsoleToken {
  readonly token_hash: string;
  readonly compute_host: string;
  readonly ttl_seconds: number;
}

/** Expired tokens that are forgotten with each new one. */
const FORGOTTEN = 100;
/** Tokens of one instance that are good at once: older ones make room for new ones. */
const KEPT = 32;

/** Tokens for the consoles of a cell's instances. Expired ones, and too many of one instance, are forgotten as new ones come. */
export class ConsoleTokenRepository {
  /** False: the instance is on another host by now, or gone. */
  async add(sql: Sql, token: NewConsoleToken): Promise<boolean> {
    const added = await rows(sql, ADD, [
      token.token_hash,
      token.instance_uuid,
      token.compute_host,
      token.console_type,
      token.host,
      token.port,
      token.tls_port,
      token.internal_access_path,
      token.ttl_seconds,
      FORGOTTEN,
      KEPT - 1,
    ]);
    return added.length > 0;
  }

  /** Undefined: there is no such token, it has expired, or its instance has moved on. */
  async find(sql: Sql, tokenHash: string): Promise<ConsoleToken | undefined> {
    const [found] = await rows<ConsoleToken>(sql, FIND, [tokenHash]);
    return found;
  }
}

const ADD = `
  WITH expired AS (
    DELETE FROM console_tokens WHERE token_hash IN (
      SELECT token_hash FROM console_tokens WHERE expires_at < now() ORDER BY expires_at LIMIT $10 FOR UPDATE SKIP LOCKED)
  ), surplus AS (
    DELETE FROM console_tokens WHERE token_hash IN (
      SELECT token_hash FROM console_tokens WHERE instance_uuid = $2 ORDER BY expires_at DESC OFFSET $11 FOR UPDATE SKIP LOCKED)
  )
  INSERT INTO console_tokens (token_hash, instance_uuid, compute_host, console_type, host, port, tls_port, internal_access_path, expires_at)
  SELECT $1, i.uuid, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9) FROM instances i WHERE i.uuid = $2 AND i.host = $3
  RETURNING token_hash`;

const FIND = `
  SELECT t.instance_uuid, t.console_type, t.host, t.port, t.tls_port, t.internal_access_path
    FROM console_tokens t JOIN instances i ON i.uuid = t.instance_uuid AND i.host = t.compute_host
   WHERE t.token_hash = $1 AND t.expires_at > now()`;
