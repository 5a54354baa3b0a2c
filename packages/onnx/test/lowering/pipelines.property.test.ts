import { it } from 'vitest';
import { pipelineCases } from './cases/pipeline-cases.js';
import { checkCases } from './check-cases.js';

it('records kernels in a row, and their gradients, as tfjs-cpu computes them', () => checkCases(pipelineCases, 6));
