// The Markdown pages of this repository and the fenced blocks in them.
import { workspacePath } from '@hovernet/testing';
import { readdirSync, readFileSync } from 'node:fs';

export interface FencedBlock {
  /** From the repository's root. */
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What the comment directly before the block says; empty without one. */
  readonly mark: string;
}

/** The pages at the root, the READMEs of the packages and everything below docs, but for what is generated. */
export function listPages(): string[] {
  const packages = readdirSync(workspacePath('packages')).map((name) => `packages/${name}/README.md`);
  const docs = readdirSync(workspacePath('docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/'));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docs.sort(), ...packages];
}

export function readPage(page: string): string {
  return readFileSync(workspacePath(page), 'utf8');
}

/** The fenced blocks of `page` in their order. */
export function readBlocks(page: string): FencedBlock[] {
  return parseBlocks(readPage(page), page);
}

/** {@link readBlocks} of a text. @throws Error for a block without an end. */
export function parseBlocks(text: string, page: string): FencedBlock[] {
  const lines = text.split('\n');
  const blocks: FencedBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(\s*)```(\w*)$/.exec(lines[at]!);
    if (!fence) continue;
    const [, indent, language] = fence;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: expected an end of the block, got none`);
    const content = lines.slice(at + 1, end).map((line) => line.slice(indent!.length));
    blocks.push({ page, line: at + 1, language: language!, text: content.join('\n'), mark: markBefore(lines, at) });
    at = end;
  }
  return blocks;
}

/** The text of the comment that ends on the line before `at`, blank lines aside. */
function markBefore(lines: readonly string[], at: number): string {
  const before = lines.slice(0, at).join('\n').trimEnd();
  if (!before.endsWith('-->')) return '';
  return before
    .slice(before.lastIndexOf('<!--') + 4, -3)
    .replace(/\s+/g, ' ')
    .trim();
}
