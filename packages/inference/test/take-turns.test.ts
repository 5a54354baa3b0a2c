import { expect, it } from 'vitest';
import { createTurns } from '../src/take-turns.js';

const wait = () => new Promise<void>((resolve) => setTimeout(resolve));

it('runs work one at a time, in the order of the places', async () => {
  const nextTurn = createTurns();
  const log: string[] = [];
  const [a, b, c] = [nextTurn(), nextTurn(), nextTurn()];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await wait();
    log.push(`${name} ends`);
    return name;
  };
  const later = c.take(work('c'));
  await wait();
  expect(log).toEqual([]);
  expect(await Promise.all([b.take(work('b')), a.take(work('a')), later])).toEqual(['b', 'a', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('goes on after work that fails, and past places that are given up', async () => {
  const nextTurn = createTurns();
  const [a, b, c] = [nextTurn(), nextTurn(), nextTurn()];
  const last = c.take(() => Promise.resolve('done'));
  const failing = a.take(() => Promise.reject(new Error('failed')));
  await expect(failing).rejects.toThrow('failed');
  b.leave();
  expect(await last).toBe('done');
});

it('keeps the order where a place is given up before its turn', async () => {
  const nextTurn = createTurns();
  const [a, b, c] = [nextTurn(), nextTurn(), nextTurn()];
  let isFirstDone = false;
  b.leave();
  const last = c.take(() => Promise.resolve(isFirstDone));
  await a.take(async () => {
    await wait();
    isFirstDone = true;
  });
  expect(await last).toBe(true);
});
