import { invalid } from '@kilonova/util';

export type Driver = 'amqp' | 'memory';

/** Which driver a URL asks for. The message leaves the URL out: it holds a password. */
export function driverOf(url: string): Driver {
  const scheme = url.slice(0, url.indexOf(':'));
  if (scheme === 'memory') return 'memory';
  if (scheme === 'amqp' || scheme === 'amqps') return 'amqp';
  throw invalid('messaging.url.scheme', 'A message bus URL begins with amqp://, amqps:// or memory://.', { scheme });
}
