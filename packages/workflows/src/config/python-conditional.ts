// `a if c else b`, as Python writes what mathjs writes `c ? a : b`.

/** Text in quotes, brackets, and the words that matter; anything else is skipped. */
const token = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|\b(?:if|else)\b/g;

/** `source` with its conditional expression, where it is one as a whole, written with `?` and `:`; else unchanged. */
export function translateConditional(source: string): string {
  const at = findOutside(source, 'if', 0);
  const other = at === -1 ? -1 : findOutside(source, 'else', at);
  if (other === -1) return source;
  const [value, condition, rest] = [source.slice(0, at), source.slice(at + 2, other), source.slice(other + 4)];
  return `(${condition}) ? (${value}) : (${translateConditional(rest)})`;
}

/** Where `word` stands outside quotes and brackets, from `start` on; −1 for nowhere. */
function findOutside(source: string, word: string, start: number): number {
  let depth = 0;
  for (const { 0: found, index } of source.matchAll(token)) {
    if (/^[([{]/.test(found)) depth++;
    else if (/^[)\]}]/.test(found)) depth--;
    else if (found === word && depth === 0 && index >= start) return index;
  }
  return -1;
}
