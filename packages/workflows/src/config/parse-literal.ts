// Values on the command line: YAML or Python scalars, and lists of them.
import { ArgumentError } from '@hovernet/core';
import type { JsonValue } from './json.js';

const constants: Readonly<Record<string, JsonValue>> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
  '~': null,
};

const numberPattern = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
const bareItem = /[^,\])]*/y;
const quotedItem = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const blank = /\s*/y;

/**
 * The value that `text` stands for: True, False, None (also true, false, null, ~), numbers, quoted strings, lists in
 * brackets or parentheses; anything else is the text itself. Throws ArgumentError for a list that does not end.
 */
export function parseLiteral(text: string): JsonValue {
  const trimmed = text.trim();
  if (!/^[[('"]/.test(trimmed)) return parseScalar(trimmed);
  const reader = { text: trimmed, at: 0 };
  const value = readValue(reader);
  if (reader.at === trimmed.length) return value;
  if (/^['"]/.test(trimmed)) return trimmed;
  throw new ArgumentError(`value ${trimmed}: expected nothing after the list, got ${trimmed.slice(reader.at)}`);
}

interface Reader {
  readonly text: string;
  at: number;
}

function readValue(reader: Reader): JsonValue {
  const first = reader.text[reader.at];
  if (first === '[' || first === '(') return readList(reader, first === '[' ? ']' : ')');
  const quoted = match(reader, quotedItem);
  if (quoted) return (quoted[1] ?? quoted[2]!).replace(/\\(.)/g, '$1');
  return parseScalar(match(reader, bareItem)![0].trim());
}

function readList(reader: Reader, close: string): JsonValue[] {
  const items: JsonValue[] = [];
  reader.at++;
  match(reader, blank);
  while (reader.text[reader.at] !== close) {
    const start = reader.at;
    items.push(readValue(reader));
    match(reader, blank);
    if (reader.text[reader.at] === ',') reader.at++;
    else if (reader.text[reader.at] !== close || reader.at === start)
      throw new ArgumentError(`value ${reader.text}: expected a list that ends with ${close}; quote it for the shell`);
    match(reader, blank);
  }
  reader.at++;
  return items;
}

function match(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at = pattern.lastIndex;
  return found;
}

function parseScalar(text: string): JsonValue {
  if (Object.hasOwn(constants, text)) return constants[text]!;
  return numberPattern.test(text) ? Number(text) : text;
}
