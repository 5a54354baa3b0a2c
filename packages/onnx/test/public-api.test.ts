import { expect, it } from 'vitest';
import * as main from '../src/index.js';
import * as node from '../src/node.js';
import * as web from '../src/web.js';

it('the main entry exports these names', () => {
  expect(Object.keys(main).sort()).toMatchInlineSnapshot(`
    [
      "TraceError",
      "calibrate",
      "listSupportedKernels",
      "quantizeGraph",
      "toOnnx",
      "traceFunction",
      "traceProgram",
    ]
  `);
});

it('the node entry exports these names', () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "EngineError",
      "EngineOptionError",
      "NoGpuError",
      "PROVIDER_NAMES",
      "createOnnxEngine",
      "explainFailure",
      "findGpuProvider",
      "listProviders",
      "openEngine",
      "openOnnxModel",
      "parseProviders",
      "readModelHeader",
      "runProbe",
      "startGraph",
    ]
  `);
});

it('the entry for pages exports these names', () => {
  expect(Object.keys(web).sort()).toMatchInlineSnapshot(`
    [
      "EngineError",
      "createOnnxEngine",
      "openOnnxModel",
      "readModelHeader",
    ]
  `);
});
