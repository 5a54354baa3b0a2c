// Expressions in a configuration, computed by mathjs after everything but arithmetic has been refused.
import { ConfigError } from '@hovernet/core';
import type * as MathJs from 'mathjs';
import type { ConstantNode, FunctionNode, MathNode, OperatorNode, SymbolNode } from 'mathjs';
import { createRequire } from 'node:module';
import { isJsonObject, type JsonValue } from './json.js';
import { evaluateFiles, isMeaningless, listsFiles } from './python-forms.js';
import { translateConditional } from './python-conditional.js';

/** Functions that expressions may call: mathjs', and those of Python that paths and sizes are written with. */
export const expressionFunctions = [
  'abs',
  'ceil',
  'concat',
  'float',
  'floor',
  'int',
  'join',
  'len',
  'max',
  'min',
  'round',
  'sqrt',
  'str',
] as const;
const functions = new Set<string>(expressionFunctions);
const operators = new Set(
  (
    'add subtract multiply divide mod pow unaryMinus unaryPlus ' +
    'equal unequal smaller larger smallerEq largerEq and or not'
  ).split(' '),
);
const pythonConstants = { True: true, False: false, None: null, pi: Math.PI };

/** Python's names for what is here. */
const pythonNames: Readonly<Record<string, string>> = {
  'os.path.join': 'join',
  'os.getcwd()': "'.'",
  'np.pi': 'pi',
  'math.pi': 'pi',
};

// The package in one file: 0.3 s to load, its thousand modules 1.6 s.
const mathjs = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as typeof MathJs;
const math = mathjs.create(mathjs.all!);
math.config({ matrix: 'Array' });
math.import(
  {
    add: math.typed!('add', {
      'number, number': (a: number, b: number) => a + b,
      'string, string': (a: string, b: string) => a + b,
      'Array, Array': (a: unknown[], b: unknown[]) => [...a, ...b],
    }),
    equal: math.typed!('equal', { 'any, any': (a: unknown, b: unknown) => a === b }),
    unequal: math.typed!('unequal', { 'any, any': (a: unknown, b: unknown) => a !== b }),
    float: math.typed!('float', { 'number | string': toNumber }),
    int: math.typed!('int', { 'number | string': (value: number | string) => Math.trunc(toNumber(value)) }),
    str: math.typed!('str', { 'number | string': String }),
    len: math.typed!('len', { string: (text: string) => text.length, Array: (list: unknown[]) => list.length }),
    // As os.path.join with `/`, on every system.
    join: math.typed!('join', {
      '...string': (parts: string[]) =>
        parts.reduce((path, part) =>
          part.startsWith('/') || path === '' ? part : `${path.replace(/\/$/, '')}/${part}`,
        ),
    }),
  },
  { override: true },
);

/** Strings, which may contain anything, a reference `@id`, or one of Python's names. */
const token =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|@(#*\w+(?:(?:#|::)\w+)*)|(?:os\.path\.join|(?:np|math)\.pi)\b|os\.getcwd\(\)/g;

/**
 * Value of `expression` (without its `$`): arithmetic, comparison, `and or not`, `condition ? a : b` or `a if condition
 * else b`, lists, strings, `@id` references, the constant pi and {@link expressionFunctions}. `+` joins strings, and lists.
 * Nothing else is evaluated: no assignment, property, index or definition. Throws ConfigError for `id`, where it stands.
 */
export function evaluateExpression(
  expression: string,
  id: string,
  resolveReference: (reference: string) => JsonValue,
): JsonValue {
  const evaluate = (part: string) => evaluateExpression(part, id, resolveReference);
  const files = evaluateFiles(expression, evaluate);
  if (files !== undefined) return files;
  const { node, scope } = parseExpression(expression, id, resolveReference);
  const value: unknown = attempt(id, expression, () => node.evaluate(scope));
  if (isPlain(value)) return value;
  throw new ConfigError(id, `$${expression} does not give a number, text or list`);
}

/** Refuses what {@link evaluateExpression} would refuse, without resolving what `expression` refers to. */
export function checkExpression(expression: string, id: string): void {
  if (isMeaningless(expression) || listsFiles(expression)) return;
  parseExpression(expression, id, () => null);
}

interface ParsedExpression {
  readonly node: MathNode;
  /** Values of the names in it. */
  readonly scope: Readonly<Record<string, unknown>>;
}

function parseExpression(
  expression: string,
  id: string,
  resolveReference: (reference: string) => JsonValue,
): ParsedExpression {
  const scope: Record<string, unknown> = { ...pythonConstants };
  const written = new Map<string, string>();
  const source = expression.replace(token, (text, reference: string | undefined) => {
    if (reference === undefined) return pythonNames[text] ?? text;
    const name = `reference_${Object.keys(scope).length}`;
    scope[name] = resolveReference(reference);
    written.set(name, text);
    return name;
  });
  const node = attempt(id, expression, () => math.parse(translateConditional(source)));
  refuseOthers(node, { id, scope, written });
  return { node, scope };
}

function toNumber(value: number | string): number {
  const text = String(value).trim();
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) throw new Error(`${JSON.stringify(value)} is no number`);
  return number;
}

function attempt<T>(id: string, expression: string, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(id, `$${expression} cannot be computed (${problem}); conditions are written c ? a : b`, {
      cause,
    });
  }
}

interface ExpressionPlace {
  readonly id: string;
  readonly scope: Readonly<Record<string, unknown>>;
  /** References as they are written, by the names that stand for them. */
  readonly written: ReadonlyMap<string, string>;
}

function refuseOthers(node: MathNode, place: ExpressionPlace): void {
  const { id, scope, written } = place;
  const visitChildren = () => node.forEach((child) => refuseOthers(child, place));
  switch (node.type) {
    case 'ConstantNode': {
      const { value } = node as ConstantNode;
      if (value === undefined) throw new ConfigError(id, 'the expression is empty');
      return;
    }
    case 'SymbolNode': {
      const { name } = node as SymbolNode;
      if (!Object.hasOwn(scope, name))
        throw new ConfigError(id, `unknown name ${name}; write @${name} for a configuration value`);
      return;
    }
    case 'OperatorNode':
      if (!operators.has((node as OperatorNode).fn)) break;
      return visitChildren();
    case 'FunctionNode': {
      const call = node as FunctionNode;
      if (call.fn.type !== 'SymbolNode' || !functions.has(call.fn.name)) break;
      for (const argument of call.args) refuseOthers(argument, place);
      return;
    }
    case 'ArrayNode':
    case 'ConditionalNode':
    case 'ParenthesisNode':
      return visitChildren();
  }
  const shown = node.toString().replace(/reference_\d+/g, (name) => written.get(name) ?? name);
  throw new ConfigError(
    id,
    `${shown} is not allowed in an expression; allowed functions: ${[...functions].join(', ')}`,
  );
}

function isPlain(value: unknown): value is JsonValue {
  if (Array.isArray(value)) return value.every(isPlain);
  // A section comes from a reference; mathjs' own objects have other prototypes.
  if (isJsonObject(value))
    return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
