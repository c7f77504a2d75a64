/** Two missed beats end a connection that the network forgot. */
const HEARTBEAT_SECONDS = 15;

/** The URL with the heartbeat that we want, unless it names one itself. */
export function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parsed.toString();
}

/** The user that the broker will know us as; it refuses messages that name another. */
export function userOf(url: string): string {
  const { username } = new URL(url);
  return username === '' ? 'guest' : decodeURIComponent(username);
}
