// Every table of cases, by what its kernels do.
import { axisCases } from './axis-cases.js';
import { binaryCases } from './binary-cases.js';
import { convolutionCases } from './convolution-cases.js';
import { imageCases } from './image-cases.js';
import { indexCases } from './index-cases.js';
import type { CaseTable } from './instance.js';
import { poolingCases } from './pooling-cases.js';
import { productCases } from './product-cases.js';
import { shapeCases } from './shape-cases.js';
import { unaryCases } from './unary-cases.js';

export const allCases: Readonly<Record<string, CaseTable>> = {
  'of one value': unaryCases,
  'of values that broadcast': binaryCases,
  'along axes': axisCases,
  'that move elements': shapeCases,
  'with indices': indexCases,
  'that multiply': productCases,
  'that convolve': convolutionCases,
  'that pool': poolingCases,
  'of images': imageCases,
};
