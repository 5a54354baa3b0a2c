// One line of a block of `sh`, as far as tests must understand a shell.

export interface DocumentedCommand {
  /** The whole line, without a comment. */
  readonly text: string;
  /** Arguments of `hovernet`; undefined for another program. */
  readonly words: readonly string[] | undefined;
}

/** The commands of a block: a line each, lines that end with a backslash go on in the next. */
export function parseCommands(block: string): DocumentedCommand[] {
  const lines = block.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.map(withoutComment).flatMap((text) => (text === '' ? [] : [{ text, words: hovernetWords(text) }]));
}

/** A comment begins after a space: ids such as `network_def#preset` hold the sign, too. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s)#\s.*$/, '').trim();
}

/** What stands before `hovernet`: variables, `mpirun -n N` and `npx`. */
const before = /^(?:[A-Z_\d]+=\S*\s+)*(?:mpirun -n \d+\s+)?(?:npx\s+)?hovernet(?=\s|$)/;

function hovernetWords(text: string): string[] | undefined {
  if (!before.test(text)) return undefined;
  return splitWords(text.replace(before, '').replace(/\s&$/, ''));
}

/** Words with the quotes of a shell taken off. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double = '', single = '') => double + single));
}
