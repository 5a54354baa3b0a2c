import { ConfigError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../src/config/evaluate-expression.js';
import type { JsonValue } from '../../src/config/json.js';

const values: Record<string, JsonValue> = {
  stage: 1,
  root: 'runs',
  mode: 'fast',
  out_size: 164,
  patch_size: 256,
  'a#b': [1, 2],
  flag: false,
};

function evaluate(expression: string): JsonValue {
  return evaluateExpression(expression, 'here', (id) => values[id.replaceAll('::', '#')] ?? null);
}

describe('evaluateExpression', () => {
  it.each([
    ['1 + 2 * 3 - 2 ^ 3 / 4', 5],
    ['1.0 - @out_size / @patch_size', 1 - 164 / 256],
    ['floor((@patch_size - @out_size) / 2)', 46],
    ["@root + '/models'", 'runs/models'],
    ["concat(@root, '/models')", 'runs/models'],
    ["@stage == 0 ? @root + '/stage0' : @root", 'runs'],
    ["@mode == 'fast' and @stage >= 1", true],
    ["@mode != 'fast' or not True", false],
    ['[@stage, @a::b, None, "x"]', [1, [1, 2], null, 'x']],
    ['max(1, @stage, 3) % 2', 1],
    ['-@stage', -1],
    ["'@stage'", '@stage'],
    ['@flag ? 1 : 2', 2],
  ])('computes %s', (expression, value) => {
    expect(evaluate(expression)).toEqual(value);
  });

  it.each([
    'x = 1',
    'f(x) = x',
    '@a.b',
    '@a#b[1]',
    "import('fs')",
    "parse('1')",
    'evaluate("1")',
    "createUnit('x')",
    '1; 2',
    '{a: 1}',
    '1:3',
    'constructor',
    'cos(1)',
    "max.constructor('return process')()",
    'stage',
    '',
    '1 +',
    '1 +  # comment',
    "'a' + 1",
    'sqrt(-1)',
    '1 / 0',
    '3 cm',
    "'x'['constructor']",
    '__proto__',
    'toString()',
    '"a"\'',
  ])('refuses %s', (expression) => {
    expect(() => evaluate(expression)).toThrow(ConfigError);
  });

  it('says how a configuration value is written', () => {
    expect(() => evaluate('stage + 1')).toThrow(
      'configuration here: expressions know no name stage; write @stage for a configuration value',
    );
  });
});
