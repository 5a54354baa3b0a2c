import { describe, it } from 'vitest';
import { allCases } from './cases/all-cases.js';
import { checkCases } from './check-cases.js';

/** Graphs for each table of cases, which all its kernels share. */
const GRAPHS = 6;

describe('recorded kernels, and their gradients, equal tfjs-cpu', () => {
  it.each(Object.entries(allCases))('%s', (_, cases) => checkCases(cases, GRAPHS));
});
