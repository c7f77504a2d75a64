/** How old a reading may be, milliseconds: gauges of one scrape share it, and scrapers that ask too often as well. */
const FRESH_MS = 1_000;
/** A database that hangs must not hold up the metrics of everything else. */
const PATIENCE_MS = 1_000;

/** A reading for gauges, made once a second at most, however many ask; `unknown` while its source does not answer. */
export function sharedReading<T>(read: () => Promise<T>, unknown: T): () => Promise<T> {
  let readAt = 0;
  let reading: Promise<T> | undefined;
  return () => {
    const now = performance.now();
    if (reading !== undefined && now - readAt < FRESH_MS) return reading;
    readAt = now;
    reading = inTime(read(), unknown).catch(() => unknown);
    return reading;
  };
}

function inTime<T>(reading: Promise<T>, unknown: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(unknown), PATIENCE_MS);
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
