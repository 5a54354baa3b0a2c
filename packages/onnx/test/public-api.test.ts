import { expect, it } from 'vitest';
import * as main from '../src/index.js';
import * as node from '../src/node.js';

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

it('the node entry exports these names besides', () => {
  const added = Object.keys(node).filter((name) => !(name in main));
  expect(added.sort()).toMatchInlineSnapshot(`
    [
      "EngineError",
      "PROVIDER_NAMES",
      "createOnnxEngine",
      "listProviders",
      "startGraph",
    ]
  `);
  expect(node).toMatchObject(main);
});
