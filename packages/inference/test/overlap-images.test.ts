import { expect, it } from 'vitest';
import { overlapImages } from '../src/overlap-images.js';

/** Work that ends when it is told to. */
function createWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (item: string) => {
    begun.push(item);
    return new Promise<string>((resolve, reject) => {
      const outcome = () => (item === 'bad' ? reject(new Error('bad')) : resolve(item.toUpperCase()));
      ends.set(item, outcome);
    });
  };
  return { begun, work, end: (item: string) => ends.get(item)!() };
}

it('has two items at work, and tells outcomes in the order of the items', async () => {
  const { begun, work, end } = createWork();
  const outcomes = overlapImages(['a', 'bad', 'c', 'd'], work);
  const first = outcomes.next();
  expect(begun).toEqual(['a', 'bad']);
  end('bad');
  end('a');
  expect(await first).toEqual({ done: false, value: { status: 'fulfilled', value: 'A' } });
  expect(begun).toEqual(['a', 'bad']);
  expect((await outcomes.next()).value).toMatchObject({ status: 'rejected', reason: new Error('bad') });
  expect(begun).toEqual(['a', 'bad', 'c']);
  const third = outcomes.next();
  expect(begun).toEqual(['a', 'bad', 'c', 'd']);
  end('d');
  end('c');
  expect((await third).value).toEqual({ status: 'fulfilled', value: 'C' });
  expect((await outcomes.next()).value).toEqual({ status: 'fulfilled', value: 'D' });
  expect(await outcomes.next()).toEqual({ done: true, value: undefined });
});

it('starts no more when it is stopped, and ends when what is under way has', async () => {
  const { begun, work, end } = createWork();
  const outcomes = overlapImages(['a', 'b', 'c'], work);
  const first = outcomes.next();
  end('a');
  await first;
  let isStopped = false;
  const stopped = outcomes.return(undefined).then(() => (isStopped = true));
  await new Promise((resolve) => setTimeout(resolve));
  expect(isStopped).toBe(false);
  end('b');
  await stopped;
  expect(begun).toEqual(['a', 'b']);
});

it('may have nothing to do', async () => {
  expect(await overlapImages([], () => Promise.resolve()).next()).toEqual({ done: true, value: undefined });
});

it('tells of one item alone', async () => {
  const outcomes = [];
  for await (const outcome of overlapImages([1], (item) => Promise.resolve(item + 1))) outcomes.push(outcome);
  expect(outcomes).toEqual([{ status: 'fulfilled', value: 2 }]);
});
