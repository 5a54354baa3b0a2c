import { expect, it } from 'vitest';
import { readLocalRank } from '../../src/network/local-rank.js';

it.each([
  [{}, 0],
  [{ OMPI_COMM_WORLD_RANK: '5' }, 0],
  // The sixth process of all, the second on its host.
  [{ OMPI_COMM_WORLD_RANK: '5', OMPI_COMM_WORLD_LOCAL_RANK: '1' }, 1],
  [{ OMPI_COMM_WORLD_LOCAL_RANK: '0' }, 0],
  [{ OMPI_COMM_WORLD_LOCAL_RANK: 'one' }, 0],
])('the number of a process on its host, of %j, is %i', (environment, expected) => {
  expect(readLocalRank(environment)).toBe(expected);
});
