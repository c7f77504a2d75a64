/**
 * Does `work(item)` for every item, `workers` of them at a time: each worker takes the next item as it is done with one.
 * The items may come from a generator, which then decides when there is no more to do.
 */
export async function shareOut(items, workers, work) {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
