// Two stages of work on a list of items: the second of one item runs while the first of the next does.

export interface Stages<Item, Middle, Result> {
  first(item: Item): Promise<Middle>;
  second(middle: Middle): Promise<Result>;
}

/**
 * What became of each item, in the order of `items`. Neither stage ever works on two items, and at most one waits between
 * them. An item that fails is told of as soon as those before it are done; whoever wants no more stops asking.
 */
export async function* overlapStages<Item, Middle, Result>(
  items: Iterable<Item>,
  { first, second }: Stages<Item, Middle, Result>,
): AsyncGenerator<PromiseSettledResult<Result>, void, undefined> {
  let behind: Promise<PromiseSettledResult<Result>> | undefined;
  for (const item of items) {
    const middle = await settle(first(item));
    if (behind) yield await behind;
    behind = undefined;
    if (middle.status === 'rejected') yield middle;
    else behind = settle(second(middle.value));
  }
  if (behind) yield await behind;
}

async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}
