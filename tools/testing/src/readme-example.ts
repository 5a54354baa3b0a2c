// Runs the example of a package's README as a reader would: a module that imports the packages by name.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import { workspacePath } from './reference-data.js';

export interface ReadmeExampleOptions {
  /** Values that the README leaves to the reader, by the name that the example calls them. @default none */
  readonly given?: Readonly<Record<string, string | number>>;
  /** Text to put in the place of other text, for paths that hold in the repository's root only. @default none */
  readonly replace?: Readonly<Record<string, string>>;
  /** Top-level names of the example whose values the test looks at. @default none */
  readonly names?: readonly string[];
}

export interface ReadmeExample {
  /** The whole README. */
  readonly readme: string;
  /** What the example printed, a line for each call of console.log. */
  readonly printed: string;
  /** What the README says that it prints: its first block of `text`; undefined without one. */
  readonly expected: string | undefined;
  /** What the example exports, and the values of `names`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Runs the first `ts` or `js` block of `packages/<name>/README.md`, for Vitest, which compiles it and finds the packages'
 * sources. The block may import, await and use types.
 */
export async function runReadmeExample(name: string, options: ReadmeExampleOptions = {}): Promise<ReadmeExample> {
  const { given = {}, replace = {}, names = [] } = options;
  const readme = readReadme(name);
  let code = blockOf(readme, '[tj]s');
  if (code === undefined) throw new Error(`packages/${name}/README.md: expected a block of ts or js, got none`);
  for (const [text, substitute] of Object.entries(replace)) {
    if (!code.includes(text)) throw new Error(`packages/${name}/README.md: expected ${text} in the example`);
    code = code.replaceAll(text, () => substitute);
  }
  const definitions = Object.entries(given).map(([key, value]) => `const ${key} = ${JSON.stringify(value)};\n`);
  const exported = names.length > 0 ? `export { ${names.join(', ')} };\n` : '';

  const folder = workspacePath('packages', name, 'out');
  const file = `${folder}/readme-example-${randomUUID()}.ts`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, definitions.join('') + code + exported);
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    const values = (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
    return { readme, printed: lines.join('\n'), expected: blockOf(readme, 'text')?.trimEnd(), values };
  } finally {
    console.log = log;
    rmSync(file, { force: true });
  }
}

/** The first block of `language` in `packages/<name>/README.md`. */
export function readReadmeBlock(name: string, language: 'ts' | 'js' | 'text'): string {
  const code = blockOf(readReadme(name), language);
  if (code === undefined) throw new Error(`packages/${name}/README.md: expected a block of ${language}, got none`);
  return code;
}

function readReadme(name: string): string {
  return readFileSync(workspacePath('packages', name, 'README.md'), 'utf8');
}

/** Contents of the first fenced block whose language matches. */
function blockOf(markdown: string, language: string): string | undefined {
  return new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(markdown)?.[1];
}
