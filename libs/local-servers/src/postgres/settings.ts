/** What of PostgreSQL's settings a caller may choose. */
export interface PostgresSettings {
  readonly port: number;
  readonly maxConnections?: number;
  readonly sharedBuffersMegabytes?: number;
  /** False gives up all safety against a crash of the machine for speed: for tests only. Default true. */
  readonly durable?: boolean;
}

/** Nothing is lost when the server is killed, since the kernel has it: only a crash of the machine hurts. */
const UNSAFE = { fsync: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' };

/** The `-c name=value` arguments for the server: loopback only, no socket file, scram for everybody. */
export function settingArguments(settings: PostgresSettings): string[] {
  const { port, maxConnections = 300, sharedBuffersMegabytes = 128, durable = true } = settings;
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(maxConnections),
    shared_buffers: `${sharedBuffersMegabytes}MB`,
    password_encryption: 'scram-sha-256',
    // One cluster holds the databases of every service and cell: idle transactions of a lost client must not pin rows.
    idle_in_transaction_session_timeout: '60s',
    tcp_keepalives_idle: '30',
    // Short statements only: compiling a plan costs more than running it.
    jit: 'off',
    log_min_messages: 'warning',
    // What tenants send stays out of the log: neither values nor statements that failed, and no context that quotes them.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_statement: 'none',
    max_wal_size: '1GB',
    ...(durable ? {} : UNSAFE),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
