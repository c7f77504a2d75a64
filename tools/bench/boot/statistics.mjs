/** The value below which `share` (0 to 1) of the values lie; undefined of none. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Median, 99th percentile and maximum, in the unit of the values, to a tenth. */
export function spread(values) {
  const tenth = (value) => (value === undefined ? null : Math.round(value * 10) / 10);
  return {
    count: values.length,
    p50: tenth(quantile(values, 0.5)),
    p99: tenth(quantile(values, 0.99)),
    max: tenth(quantile(values, 1)),
  };
}

/** What a promise took, in milliseconds, and its value. */
export async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}
