// Images one after the other, two of them at work: one is post-processed and written while the next is in the network.

/**
 * Outcome of `work` on each of `items`, in their order. Work on an item starts when the one before the last is done. Stop asking
 * to start no more; what is under way ends first.
 */
export async function* overlapImages<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<PromiseSettledResult<Result>, void, undefined> {
  let former: Promise<PromiseSettledResult<Result>> | undefined;
  let latest: Promise<PromiseSettledResult<Result>> | undefined;
  try {
    for (const item of items) {
      former = latest;
      latest = settle(work(item));
      if (former) yield await former;
    }
    if (latest) yield await latest;
  } finally {
    await Promise.all([former, latest]);
  }
}

/** What becomes of `promise`; never rejects, so that it may be awaited later. */
export async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}

/** The value of a promise that {@link settle} made. @throws what it was rejected with */
export async function unwrap<T>(settled: Promise<PromiseSettledResult<T>>): Promise<T> {
  const result = await settled;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
